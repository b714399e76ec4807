"""Who asks at the office: opens the desk where a view is for staff, and turns away who isn't one."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from baokao.core import clock
from baokao.core.http.audience import Audience
from baokao.office.desk import SITTING_COOKIE, Desk, scope_of
from baokao.passport.staff import sessions


class OpenDesk:
    """Lets a view for staff be reached only with a live session of one of its roles. Role and scope are read at each
    request, so that what is taken away is gone at once (e13)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, "audience", None) != Audience.STAFF:
            return None
        now = clock.now()
        staff = sessions.staff_of(request, now)
        if staff is None:
            return HttpResponseRedirect(f"{reverse('office:login')}?{urlencode({'next': request.path})}")
        if staff.role not in view.roles:  # type: ignore[attr-defined]
            raise Http404
        request.desk = Desk(  # type: ignore[attr-defined]
            staff, scope_of(staff), request.COOKIES.get(SITTING_COOKIE, ""), now
        )
        return None

"""Who asks: reads the passport where a view is for candidates, and turns away who isn't one."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from baokao.core.http.audience import Audience
from baokao.passport import rules, session
from baokao.passport.models import Passport


class CandidateRequest(HttpRequest):
    """A request at a view for candidates: it has a passport."""

    passport: Passport


class KnowPassport:
    """Lets a view for candidates be reached only with a live session, and its pages only with consent to the privacy
    notice that holds now; public pages cost no read of the account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, "audience", None) != Audience.CANDIDATE:
            return None
        passport = session.passport_of(request)
        if passport is None:
            return HttpResponseRedirect(f"{reverse('passport:login')}?{urlencode({'next': request.path})}")
        request.passport = passport  # type: ignore[attr-defined]
        if passport.privacy_version != rules.PRIVACY_VERSION and _can_wait(request):
            return HttpResponseRedirect(f"{reverse('passport:privacy')}?{urlencode({'next': request.path})}")
        return None


def _can_wait(request: HttpRequest) -> bool:
    """A page can be shown again after the new privacy notice was consented to (rule H5); what somebody has just
    submitted is taken."""
    return request.method in ("GET", "HEAD") and request.path != reverse("passport:privacy")

"""What the journey's views share: reading the visit, and turning away who hasn't come that far."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from baokao.core.http.audience import Audience, audience
from baokao.core.verdict import Refused
from baokao.passport.middleware import CandidateRequest
from baokao.registration.access import SITTING_COOKIE, SittingNotChosen, Visit, remember, visit
from baokao.registration.services.refusals import NO_AGREEMENT, UNBOUND

# Both are given what the address names besides.
Page = Callable[Concatenate[Visit, ...], HttpResponse]
View = Callable[Concatenate[CandidateRequest, ...], HttpResponse]


def page(
    *, posts: bool = False, agreed: bool = False, bound: bool = False, service_asks: bool = False
) -> Callable[[Page], View]:
    """A view for candidates that is given its visit; `posts` says that it takes a form.

    With `agreed` the newest agreement must be accepted (rule B2), with `bound` a registration must be saved; who lacks
    it is sent to the page where it is to be had. With `service_asks` a submission is left to its service, which asks
    both after locking and whose refusal the view passes to `sent_back`.
    """

    def wrap(show: Page) -> View:
        @audience(Audience.CANDIDATE)
        @require_http_methods(["GET", "HEAD", "POST"] if posts else ["GET", "HEAD"])
        @wraps(show)
        def view(request: CandidateRequest, **named: str) -> HttpResponse:
            try:
                found = visit(request)
            except SittingNotChosen:
                return HttpResponseRedirect(reverse("my:choose"))
            response = turned_away(found) or show(found, **named)
            # The form of a page that was open before another sitting was chosen: what follows is about its own.
            if request.COOKIES.get(SITTING_COOKIE, found.sitting.code) != found.sitting.code:
                remember(response, found.sitting.code)
            return response

        def turned_away(found: Visit) -> HttpResponse | None:
            if service_asks and found.request.method == "POST":
                return None
            if agreed and not found.has_accepted:
                return HttpResponseRedirect(reverse("my:agreement"))
            if bound and found.bound is None:
                return HttpResponseRedirect(reverse("my:home"))
            return None

        return view

    return wrap


def sent_back(refusal: Refused) -> HttpResponse | None:
    """The page to go to for a refusal that no form can mend: the agreement, or home."""
    where = {NO_AGREEMENT.code: "my:agreement", UNBOUND.code: "my:home"}.get(refusal.code)
    return HttpResponseRedirect(reverse(where)) if where else None

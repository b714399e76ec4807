"""`/passport/verify/<token>/`: the link of 验证邮箱 (rule A3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.secret import secret_address
from baokao.core.verdict import RefusedError
from baokao.passport import links, services, session
from baokao.passport.links import Purpose

STATUSES = {"ask": 200, "done": 200, "forged": 404}
# A link that was good once and is no more.
GONE = 410


@audience(Audience.PUBLIC)
@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, since programs open the links of mails too; only pressing it marks the address."""
    now = clock.now()
    link = links.look(Purpose.VERIFY, token, now)
    state = str(link.fate)
    if link.passport is not None:
        state = "used" if link.passport.verified_at else "ask"
        if state == "ask" and request.method == "POST":
            try:
                services.verify(link.passport, now)
                state = "done"
            except RefusedError:
                state = "used"
    context = {
        "page_title": "验证邮箱",
        "state": state,
        "account": link.passport.account if link.passport else "",
        "signed_in": session.passport_of(request) is not None,
        "now": now,
    }
    return render(request, "passport/verify.html", context, status=STATUSES.get(state, GONE))

"""The mailbox's pages: what the demonstration would have sent."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.middleware.headers import CONTENT_SECURITY_POLICY
from baokao.sandbox import mailbox

# A mail's HTML brings its own styles and is shown within our page; it may do nothing but be looked at and clicked.
_AS_A_MAIL_PROGRAM = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


@audience(Audience.SANDBOX)
@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """The newest mails, of one recipient if asked for."""
    folder, to = _folder(), request.GET.get("to", "").strip()
    mails = mailbox.newest(folder, to=to) if folder.exists() else []
    context = {"page_title": "演示邮箱", "mails": mails, "to": to, "now": clock.now()}
    return render(request, "sandbox/mail.html", context)


@audience(Audience.SANDBOX)
@require_GET
def mail_item(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail: its text with links to click, and its HTML as a mail program would show it."""
    found = _mail(mail_id)
    lines = [mailbox.pieces(line) for line in found.body.splitlines()]
    context = {"page_title": found.subject, "mail": found, "lines": lines, "now": clock.now()}
    response = render(request, "sandbox/mail_item.html", context)
    response["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@audience(Audience.SANDBOX)
@require_GET
def mail_html(request: HttpRequest, mail_id: str) -> HttpResponse:
    """A mail's HTML part alone."""
    found = _mail(mail_id)
    if not found.html:
        raise Http404
    # Links leave the frame that the page shows this in.
    response = HttpResponse(found.html.replace("<head>", '<head><base target="_top">', 1))
    response["Content-Security-Policy"] = _AS_A_MAIL_PROGRAM
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _mail(mail_id: str) -> mailbox.Mail:
    found = mailbox.one(_folder(), mail_id)
    if found is None:
        raise Http404
    return found


def _folder() -> Path:
    return Path(settings.DATA) / "mail"

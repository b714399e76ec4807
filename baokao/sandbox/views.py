"""The mailbox's pages: what the demonstration would have sent."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.sandbox import mailbox


@audience(Audience.SANDBOX)
@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    folder = _folder()
    mails = mailbox.newest(folder) if folder.exists() else []
    return render(request, "sandbox/mail.html", {"page_title": "演示邮箱", "mails": mails, "now": clock.now()})


@audience(Audience.SANDBOX)
@require_GET
def mail_item(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail as text, its links to click."""
    found = mailbox.one(_folder(), mail_id)
    if found is None:
        raise Http404
    return render(request, "sandbox/mail_item.html", {"page_title": found.subject, "mail": found, "now": clock.now()})


def _folder() -> Path:
    return Path(settings.DATA) / "mail"

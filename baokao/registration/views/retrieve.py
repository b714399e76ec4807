"""最近考次报名账号找回 (rule A8): for who isn't signed in, because the account is what was forgotten."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import client_key
from baokao.core.verdict import RefusedError
from baokao.core.words import masked_address
from baokao.passport.views.typed import typed
from baokao.registration import services
from baokao.registration.forms import RetrieveForm
from baokao.registration.services.retrieve import Retrieved


@audience(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def retrieve(request: HttpRequest) -> HttpResponse:
    """`/retrieve/`: type, number, name and captcha; the account is shown once, on the answer itself."""
    now = clock.now()
    form = typed(RetrieveForm, request)
    found = None
    if form.is_bound and form.is_valid() and form.check_captcha(now):
        asked = form.cleaned_data
        try:
            retrieved = services.retrieve_account(
                asked["id_type"], asked["id_number"], asked["name"], client_key(request), now
            )
        except RefusedError as refused:
            form.add_error(None, refused.first.message)
        else:
            found = _shown(retrieved)
    context = {"page_title": "最近考次报名账号找回", "form": form, "found": found, "now": now}
    return render(request, "registration/retrieve.html", context)


def _shown(retrieved: Retrieved) -> dict[str, object]:
    hide = settings.RETRIEVE_MASKED
    account = masked_address(retrieved.account) if hide else retrieved.account
    return {"account": account, "sitting": retrieved.sitting, "masked": hide}

"""账号信息 and the end of an account: the pages of a passport that have to know of registrations."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import client_key
from baokao.core.http.secret import secret_address
from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import masked_mobile, masked_number
from baokao.core.zone import local
from baokao.passport import links, session
from baokao.passport import services as passports
from baokao.passport.forms import CloseForm
from baokao.passport.idtypes import IdType
from baokao.passport.links import LIFETIMES, Purpose
from baokao.passport.middleware import CandidateRequest
from baokao.passport.views.typed import refuse, sent_to_sign_in, typed
from baokao.registration import services
from baokao.registration.queries import held
from baokao.registration.standing import is_bound

_DONE = ("changed", "moved", "password", "sent")


@audience(Audience.CANDIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: CandidateRequest) -> HttpResponse:
    """`/passport/`: what the account says and what can be done with it (rule A2); the button sends 验证邮箱."""
    now = clock.now()
    passport = request.passport
    refusals: tuple[Refused, ...] = ()
    if request.method == "POST":
        try:
            passports.ask_to_verify(passport, now)
            return HttpResponseRedirect(f"{reverse('account:show')}?sent=1")
        except RefusedError as refused:
            refusals = refused.refusals
    context = {
        "page_title": "账号信息",
        "passport": passport,
        "mobile": masked_mobile(passport.mobile) if passport.mobile else "",
        "id_type_name": IdType(passport.id_type).label if passport.id_type else "",
        "id_number": masked_number(passport.id_number) if passport.id_number else "",
        "consented": local(passport.privacy_consented_at or passport.registered_at).date(),
        "held": held(passport.id),
        "done": next((what for what in _DONE if what in request.GET), "") if request.method != "POST" else "",
        "days": LIFETIMES[Purpose.VERIFY].days,
        "refusals": refusals,
        "now": now,
    }
    return render(request, "registration/account.html", context)


@audience(Audience.CANDIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def close(request: CandidateRequest) -> HttpResponse:
    """`/passport/close/`: 注销账号, after a page that says what will happen; then the home page says it is done."""
    now = clock.now()
    form = typed(CloseForm, request)
    if form.is_bound and form.is_valid() and form.check_captcha(now):
        try:
            services.close_account(request.passport, form.cleaned_data["current"], client_key(request), now)
        except RefusedError as refused:
            if elsewhere := sent_to_sign_in(refused):
                return elsewhere
            refuse(form, refused)
        else:
            response = HttpResponseRedirect(f"{reverse('home')}?closed=1")
            session.close(response)
            return response
    context = {"page_title": "注销账号", "passport": request.passport, "held": held(request.passport.id), "form": form}
    return render(request, "registration/close.html", context | {"now": now})


@audience(Audience.PUBLIC)
@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def disown(request: HttpRequest, token: str) -> HttpResponse:
    """`/passport/disown/<token>/`: 这不是我注册的账号. The page says what will happen; its button does it (rule A3)."""
    now = clock.now()
    link = links.look(Purpose.DISOWN, token, now)
    state, bound = str(link.fate), False
    if link.passport is not None:
        bound = is_bound(link.passport.id)
        state = "ask" if link.passport.recoverable else "used"
        if state == "ask" and request.method == "POST":
            try:
                state = f"now {services.disown(link.passport, now)}"
            except RefusedError:
                state = "used"
    context = {
        "page_title": "这不是我注册的账号",
        "state": state,
        "bound": bound,
        "account": link.passport.account if link.passport else "",
        "now": now,
    }
    status = {"ask": 200, "now ended": 200, "now detached": 200, "forged": 404}.get(state, 410)
    return render(request, "registration/disown.html", context, status=status)

"""修改资料 and 修改密码 (rules A2, A6)."""

from functools import partial

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import client_key
from baokao.core.verdict import RefusedError
from baokao.passport import services, session
from baokao.passport.forms import PasswordForm, ProfileForm
from baokao.passport.middleware import CandidateRequest
from baokao.passport.models import Passport
from baokao.passport.views.typed import refuse, sent_to_sign_in, typed


@audience(Audience.CANDIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def edit(request: CandidateRequest) -> HttpResponse:
    """`/passport/edit/`: address and what a person told; another address takes the current password."""
    now = clock.now()
    passport = request.passport
    form = typed(partial(ProfileForm, passport), request)
    if form.is_bound and form.is_valid() and form.check_captcha(now):
        current = form.cleaned_data["current"]
        try:
            changed = services.change_profile(passport, form.profile(), current, client_key(request), now)
        except RefusedError as refused:
            if elsewhere := sent_to_sign_in(refused):
                return elsewhere
            refuse(form, refused)
        else:
            return _go_on(changed, "moved" if changed.account != passport.account else "changed")
    context = {"page_title": "修改资料", "form": form, "passport": passport, "now": now}
    return render(request, "passport/edit.html", context)


@audience(Audience.CANDIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def password(request: CandidateRequest) -> HttpResponse:
    """`/passport/password/`: the current one, and the new one twice."""
    now = clock.now()
    passport = request.passport
    form = typed(PasswordForm, request)
    if form.is_bound and form.is_valid() and form.check_captcha(now):
        found = form.cleaned_data
        try:
            changed = services.change_password(passport, found["current"], found["password"], client_key(request), now)
        except RefusedError as refused:
            if elsewhere := sent_to_sign_in(refused):
                return elsewhere
            refuse(form, refused)
        else:
            return _go_on(changed, "password")
    context = {"page_title": "修改密码", "form": form, "passport": passport, "now": now}
    return render(request, "passport/password.html", context)


def _go_on(passport: Passport, done: str) -> HttpResponse:
    """To the account page, which says what was done. Every other session has ended; this browser gets a new one."""
    response = HttpResponseRedirect(f"{reverse('account:show')}?{done}=1")
    session.open_for(response, passport)
    return response

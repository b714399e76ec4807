"""Registering a passport, signing in and out."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import client_key
from baokao.core.verdict import RefusedError
from baokao.passport import services, session
from baokao.passport.forms import LoginForm, RegisterForm
from baokao.passport.middleware import CandidateRequest
from baokao.passport.views.typed import going, refuse, typed

# What the sign-in page says to who comes from another page.
_ARRIVED = {"registered": "注册成功，请登录", "reset": "修改密码成功，请使用新密码登录"}


@audience(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def register(request: HttpRequest) -> HttpResponse:
    """`/passport/register/`: a new passport, then the sign-in page that leads on into the registration."""
    now = clock.now()
    form = typed(RegisterForm, request)
    if form.is_bound and form.is_valid() and form.check_captcha(now):
        try:
            services.register(form.new_passport(), now)
        except RefusedError as refused:
            refuse(form, refused)
        else:
            return HttpResponseRedirect(f"{reverse('passport:login')}?{urlencode({'registered': 1})}")
    return render(request, "passport/register.html", {"page_title": "注册通行证", "form": form, "now": now})


@audience(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def login(request: HttpRequest) -> HttpResponse:
    """`/login/`: account, password and captcha; leads to where the person was going, else to `/my/`."""
    now = clock.now()
    form = typed(LoginForm, request)
    after = going(request)
    if form.is_bound and form.is_valid() and form.check_captcha(now):
        found = form.cleaned_data
        try:
            passport = services.sign_in(found["account"], found["password"], client_key(request), now)
        except RefusedError as refused:
            form.add_error("account", refused.first.message + refused.first.remedy)
        else:
            response = HttpResponseRedirect(after or reverse("my:home"))
            session.open_for(response, passport)
            return response
    notice = None
    if request.method != "POST":
        notice = next((words for reason, words in _ARRIVED.items() if reason in request.GET), None)
    context = {"page_title": "考生登录", "form": form, "next": after, "notice": notice, "now": now}
    return render(request, "passport/login.html", context)


@audience(Audience.CANDIDATE)
@require_POST
def logout(request: CandidateRequest) -> HttpResponse:
    """`/logout/`: every session of this passport ends."""
    services.sign_out(request.passport, clock.now())
    response = HttpResponseRedirect(reverse("home"))
    session.close(response)
    return response

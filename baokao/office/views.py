"""Signing in and out at a desk, the own account, and the choice of the sitting."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import client_key
from baokao.core.verdict import RefusedError
from baokao.office.desk import SITTING_COOKIE, Desk, OfficeRequest
from baokao.office.forms import SignInForm
from baokao.office.frame import frame
from baokao.office.staff_only import staff
from baokao.passport.forms.passwords import ChangePasswordForm
from baokao.passport.staff import services, sessions
from baokao.passport.views.typed import going, refuse


@audience(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def login(request: HttpRequest) -> HttpResponse:
    """`/office/login/`: account, password and 动态码 in one step; leads to where the person was going within the
    office."""
    now = clock.now()
    form = SignInForm(request.POST if request.method == "POST" else None)
    after = going(request)
    if form.is_bound and form.is_valid():
        found = form.cleaned_data
        try:
            member = services.sign_in(found["account"], found["password"], found["code"], client_key(request), now)
            response = HttpResponseRedirect(after if after.startswith(sessions.PATH) else reverse("office:home"))
            sessions.close(request, response)
            sessions.open_for(response, member, now)
            return response
        except RefusedError as refused:
            form.add_error("account", refused.first.message + refused.first.remedy)
    notice = "密码已修改，请用新密码登录" if request.method != "POST" and "changed" in request.GET else None
    context = {"page_title": "考务管理登录", "form": form, "next": after, "notice": notice, "now": now}
    return render(request, "office/login.html", context)


@staff()
@require_POST
def logout(request: OfficeRequest) -> HttpResponse:
    """`/office/logout/`: this browser's session ends."""
    services.signed_out(request.desk.staff_id, request.desk.now)
    response = HttpResponseRedirect(reverse("office:login"))
    sessions.close(request, response)
    return response


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request: OfficeRequest) -> HttpResponse:
    """`/office/sitting/`: the sitting that the desk works in, kept in a cookie of the office."""
    desk = request.desk
    if request.method == "POST":
        chosen = request.POST.get("sitting", "")
        if any(one.code == chosen for one in desk.sittings):
            response = HttpResponseRedirect(reverse("office:home"))
            response.set_cookie(
                SITTING_COOKIE,
                chosen,
                path=sessions.PATH,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
            return response
    return render(request, "office/sitting.html", frame(desk, "选择考次", "office:sitting"))


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def account(request: OfficeRequest) -> HttpResponse:
    """`/office/account/`: the own account, and a new password, after which everybody signs in again."""
    desk = request.desk
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            services.change_password(desk.staff, typed["current"], typed["password"], client_key(request), desk.now)
        except RefusedError as refused:
            refuse(form, refused)
        else:
            return HttpResponseRedirect(reverse("office:login") + "?changed=1")
    context = frame(desk, "我的账号", "office:account") | {"form": form, "codes": (), "left": _codes_left(desk)}
    return render(request, "office/account.html", context)


@staff()
@require_POST
def recovery_codes(request: OfficeRequest) -> HttpResponse:
    """`/office/account/codes/`: new recovery codes, shown once, in place of all before."""
    desk = request.desk
    codes = services.renew_recovery_codes(desk.staff, desk.now)
    context = frame(desk, "恢复码", "office:account") | {
        "form": ChangePasswordForm(),
        "codes": codes,
        "left": len(codes),
    }
    return render(request, "office/account.html", context)


def _codes_left(desk: Desk) -> int:
    return desk.staff.recovery_codes.filter(used_at__isnull=True).count()

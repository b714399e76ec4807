"""找回密码 and 重置密码 (rule A5)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import client_key
from baokao.core.http.secret import secret_address
from baokao.core.verdict import RefusedError
from baokao.passport import links, rules, services
from baokao.passport.forms import RecoverForm, ResetForm
from baokao.passport.links import Purpose
from baokao.passport.views.typed import typed


@audience(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """`/passport/recover/`: ask for the mail; the answer is the same whatever became of it."""
    now = clock.now()
    form = typed(RecoverForm, request)
    if form.is_bound and form.is_valid() and form.check_captcha(now):
        services.ask_recovery(form.cleaned_data["email"], client_key(request), now)
        return HttpResponseRedirect(f"{reverse('passport:recover')}?{urlencode({'sent': 1})}")
    sent = "sent" in request.GET and request.method != "POST"
    context = {"page_title": "找回密码", "form": form, "sent": sent, "now": now}
    return render(request, "passport/recover.html", context)


@audience(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@secret_address
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """`/passport/reset/<token>/`: a new password; opening the page changes nothing."""
    now = clock.now()
    form = ResetForm(request.POST or None)
    dead = links.passport_of(Purpose.RESET, token, now) is None
    if not dead and form.is_bound and form.is_valid():
        typed_in = form.cleaned_data
        try:
            services.reset_password(token, typed_in["email"], typed_in["password"], client_key(request), now)
        except RefusedError as refused:
            dead = refused.first == rules.DEAD_LINK
            for refusal in refused.refusals:
                form.add_error(refusal.about or None, refusal.message)
        else:
            return HttpResponseRedirect(f"{reverse('passport:login')}?{urlencode({'reset': 1})}")
    context = {"page_title": "重置密码", "form": form, "dead": dead, "why": rules.DEAD_LINK, "now": now}
    return render(request, "passport/reset.html", context, status=404 if dead else 200)

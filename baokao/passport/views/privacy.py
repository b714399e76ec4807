"""`/passport/privacy/`: 隐私说明已更新 (rule H5)."""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.verdict import RefusedError
from baokao.passport import rules, services
from baokao.passport.middleware import CandidateRequest
from baokao.passport.views.typed import going


class ConsentForm(forms.Form):
    """The box, and which version was shown."""

    privacy = forms.BooleanField(
        label="我已阅读并同意隐私说明", error_messages={"required": "请阅读并勾选同意隐私说明。"}
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=10)


@audience(Audience.CANDIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: CandidateRequest) -> HttpResponse:
    """Asks once after the notice has changed, and leads on to where the person was going."""
    now = clock.now()
    after = going(request) or reverse("my:home")
    if request.passport.privacy_version == rules.PRIVACY_VERSION:
        return HttpResponseRedirect(after)
    form = ConsentForm(request.POST or None, initial={"version": rules.PRIVACY_VERSION})
    if form.is_bound and form.is_valid():
        try:
            services.consent(request.passport, form.cleaned_data["version"], now)
            return HttpResponseRedirect(after)
        except RefusedError as refused:
            form = ConsentForm({"version": rules.PRIVACY_VERSION})
            form.add_error("privacy", refused.first.message)
    context = {
        "page_title": "隐私说明已更新",
        "form": form,
        "next": after,
        "passport": request.passport,
        "version": rules.PRIVACY_VERSION,
        "now": now,
    }
    return render(request, "passport/privacy.html", context)

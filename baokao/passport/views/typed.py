"""What the views of accounts share."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from baokao.core.captcha.forms import CaptchaForm
from baokao.core.verdict import RefusedError
from baokao.passport import rules

Form = TypeVar("Form", bound=CaptchaForm)


def typed(kind: Callable[..., Form], request: HttpRequest) -> Form:
    """The form as submitted; or, for 看不清？换一张 without JavaScript, with what was typed and a new picture."""
    if request.method == "POST" and "fresh" not in request.POST:
        return kind(request.POST)
    return kind(initial=request.POST.dict())


def refuse(form: forms.Form, refused: RefusedError) -> None:
    """Put each refusal of a service beside the field that it is about."""
    for refusal in refused.refusals:
        form.add_error(refusal.about or None, refusal.message + refusal.remedy)


def sent_to_sign_in(refused: RefusedError) -> HttpResponse | None:
    """The sign-in page for a refusal that no form can mend: the session ended while its form was on the way."""
    if refused.first.code != rules.SIGNED_OUT.code:
        return None
    return HttpResponseRedirect(reverse("passport:login"))


def going(request: HttpRequest) -> str:
    """Where the person was going, if it leads back to this site; anything else would be an open redirect (d7)."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else ""

"""What the views of accounts share."""

from typing import TypeVar

from django.http import HttpRequest

from baokao.core.captcha.forms import CaptchaForm

Form = TypeVar("Form", bound=CaptchaForm)


def typed(kind: type[Form], request: HttpRequest) -> Form:
    """The form as submitted; or, for 看不清？换一张 without JavaScript, with what was typed and a new picture."""
    if request.method == "POST" and "fresh" not in request.POST:
        return kind(request.POST)
    return kind(initial=request.POST.dict())

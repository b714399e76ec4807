"""The two fields that a form with a captcha has. The form cleans their shape; the view asks `check_captcha`."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms

from baokao.core.captcha import tokens
from baokao.core.verdict import Refused, Verdict


class CaptchaForm(forms.Form):
    """A form that ends with a captcha. A subclass names its own `captcha_purpose`.

    Every showing of the form, the first and each after an error, shows `fresh_captcha_token`: a token that came in was
    used up or soon will be.
    """

    captcha_purpose = ""

    captcha = forms.CharField(
        label="验证码",
        max_length=16,
        error_messages={"required": tokens.MISSING.message, "max_length": tokens.WRONG.message},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    captcha_token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.field_order is None:
            # The captcha stands last, where the pages of the guide have it.
            last = ["captcha", "captcha_token"]
            self.order_fields([name for name in self.fields if name not in last] + last)

    @cached_property
    def fresh_captcha_token(self) -> str:
        """The token to show now."""
        return tokens.issue(self.captcha_purpose)

    def check_captcha(self, now: datetime) -> Verdict:
        """Use the token up and judge the answer; a refusal is also put beside the field. Call it once, outside of a
        transaction, after the form's shape is found valid.
        """
        token = self.cleaned_data.get("captcha_token", "")
        verdict = tokens.check(token, self.cleaned_data.get("captcha", ""), self.captcha_purpose, now)
        if isinstance(verdict, Refused):
            self.add_error("captcha", verdict.message)
        return verdict

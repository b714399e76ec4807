"""修改资料, 修改密码 and 注销账号."""

from typing import Any

from django import forms

from baokao.core.captcha.forms import CaptchaForm
from baokao.core.words import masked_mobile, masked_number
from baokao.passport import rules
from baokao.passport.forms.fields import Secret
from baokao.passport.forms.passwords import ChangePasswordForm
from baokao.passport.forms.personal import PersonalForm
from baokao.passport.models import Passport
from baokao.passport.services import Profile


class ProfileForm(PersonalForm):
    """修改资料 (rule A6). Mobile and number are shown masked; one that comes back as it was shown stays (rule H2)."""

    captcha_purpose = "profile"

    current = Secret(label="当前密码", autocomplete="current-password", required=False)

    field_order = ("email", "mobile", "id_type", "id_number", "name", "current", "captcha")

    def __init__(self, passport: Passport, *args: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.passport = passport
        self.masked = {
            "mobile": masked_mobile(passport.mobile) if passport.mobile else "",
            "id_number": masked_number(passport.id_number) if passport.id_number else "",
        }
        shown = {"email": passport.account, "id_type": passport.id_type, "name": passport.name, **self.masked}
        super().__init__(*args, initial=shown | (initial or {}), **kwargs)

    def clean_mobile(self) -> str | None:
        if self._is_as_shown("mobile"):
            return None
        return super().clean_mobile()

    def clean_id_number(self) -> str | None:
        if self._is_as_shown("id_number"):
            return None
        number: str = self.cleaned_data["id_number"]
        if "*" in number:
            raise forms.ValidationError("请填写完整的证件号；不修改的，请保留原来显示的内容；也可以清空。")
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("email", self.passport.account) != self.passport.account and not cleaned.get("current"):
            self.add_error("current", rules.NO_CURRENT.message)
        return cleaned

    def profile(self) -> Profile:
        """What was typed, for the service; only after the form is valid."""
        return Profile(
            **{name: self.cleaned_data[name] for name in ("email", "mobile", "id_type", "id_number", "name")}
        )

    def _is_as_shown(self, name: str) -> bool:
        return bool(self.masked[name]) and self.cleaned_data[name] == self.masked[name]


class PasswordForm(ChangePasswordForm, CaptchaForm):
    """修改密码 of a passport."""

    captcha_purpose = "password"


class CloseForm(CaptchaForm):
    """注销账号: the current password and the captcha."""

    captcha_purpose = "close"

    current = Secret(label="当前密码", autocomplete="current-password", error_messages={"required": "请输入当前密码。"})

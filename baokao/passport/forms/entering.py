"""Shape and cleaning of what people type about accounts; no rule is asked here."""

from typing import Any

from django import forms

from baokao.core.captcha.forms import CaptchaForm
from baokao.passport.forms.fields import Secret
from baokao.passport.forms.personal import PersonalForm
from baokao.passport.services import NewPassport


class RegisterForm(PersonalForm):
    """注册通行证 (rule A1)."""

    captcha_purpose = "register"

    password = Secret(
        label="密码",
        autocomplete="new-password",
        error_messages={"required": "请输入密码。", "max_length": "密码最多128个字符。"},
    )
    password2 = Secret(label="确认密码", autocomplete="new-password", error_messages={"required": "请再次输入密码。"})
    privacy = forms.BooleanField(
        label="我已阅读并同意隐私说明", error_messages={"required": "请阅读并勾选同意隐私说明。"}
    )

    field_order = ("email", "password", "password2", "mobile", "id_type", "id_number", "name", "captcha", "privacy")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("password2")
        if password and again and password != again:
            self.add_error("password2", "两次输入的密码不一致，请重新输入。")
        return cleaned

    def new_passport(self) -> NewPassport:
        """What was typed, for the service; only after the form is valid."""
        fields = ("email", "password", "mobile", "id_type", "id_number", "name")
        return NewPassport(**{field: self.cleaned_data[field] for field in fields})


class LoginForm(CaptchaForm):
    """考生登录 (rule A4)."""

    captcha_purpose = "login"

    account = forms.CharField(
        label="账号",
        max_length=254,
        error_messages={"required": "请输入账号。"},
        # Not type=email: an address that a browser finds odd may still be somebody's account.
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"}),
    )
    password = Secret(label="密码", autocomplete="current-password", error_messages={"required": "请输入密码。"})

    field_order = ("account", "password", "captcha")

"""Shape and cleaning of what people type about accounts; no rule is asked here."""

import re
from typing import Any

from django import forms

from baokao.core.captcha.forms import CaptchaForm
from baokao.passport.forms.fields import Secret
from baokao.passport.idtypes import IdType
from baokao.passport.services import NewPassport

_MOBILE = re.compile(r"\+?\d{8,15}")


class RegisterForm(CaptchaForm):
    """注册通行证 (rule A1)."""

    captcha_purpose = "register"

    email = forms.EmailField(
        label="电子邮箱",
        max_length=254,
        error_messages={"required": "请输入电子邮箱。", "invalid": "电子邮箱的格式不正确，例如 name@example.com。"},
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = Secret(
        label="密码",
        autocomplete="new-password",
        error_messages={"required": "请输入密码。", "max_length": "密码最多128个字符。"},
    )
    password2 = Secret(label="确认密码", autocomplete="new-password", error_messages={"required": "请再次输入密码。"})
    mobile = forms.CharField(
        label="手机",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    id_type = forms.ChoiceField(label="证件类型", required=False, choices=[("", "- 请选择 -"), *IdType.choices])
    id_number = forms.CharField(
        label="证件号", required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label="姓名", required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    privacy = forms.BooleanField(
        label="我已阅读并同意隐私说明", error_messages={"required": "请阅读并勾选同意隐私说明。"}
    )

    field_order = ("email", "password", "password2", "mobile", "id_type", "id_number", "name", "captcha", "privacy")

    def clean_mobile(self) -> str:
        mobile = re.sub(r"[\s-]", "", self.cleaned_data["mobile"])
        if mobile and not _MOBILE.fullmatch(mobile):
            raise forms.ValidationError("手机号码的格式不正确，请填写8到15位数字，或留空。")
        return mobile

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

"""Shape and cleaning of what people type about accounts; no rule is asked here."""

from django import forms

from baokao.core.captcha.forms import CaptchaForm
from baokao.passport.forms.fields import Account, Secret
from baokao.passport.forms.passwords import PasswordTwice
from baokao.passport.forms.personal import PersonalForm
from baokao.passport.services import NewPassport


class RegisterForm(PasswordTwice, PersonalForm):
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

    def new_passport(self) -> NewPassport:
        """What was typed, for the service; only after the form is valid."""
        fields = ("email", "password", "mobile", "id_type", "id_number", "name")
        return NewPassport(**{field: self.cleaned_data[field] for field in fields})


class LoginForm(CaptchaForm):
    """考生登录 (rule A4)."""

    captcha_purpose = "login"

    account = Account()
    password = Secret(label="密码", autocomplete="current-password", error_messages={"required": "请输入密码。"})

    field_order = ("account", "password", "captcha")

"""Shape and cleaning of what people type who forgot their password (rule A5)."""

from baokao.core.captcha.forms import CaptchaForm
from baokao.passport.forms.fields import Address, Secret
from baokao.passport.forms.passwords import PasswordTwice


class RecoverForm(CaptchaForm):
    """找回密码: where the mail goes."""

    captcha_purpose = "recover"

    email = Address(label="电子邮箱")


class ResetForm(PasswordTwice):
    """重置密码: whose, and the new password twice."""

    mismatch = "两次输入的新密码不一致，请重新输入。"

    email = Address(label="邮箱名称")
    password = Secret(
        label="新密码",
        autocomplete="new-password",
        error_messages={"required": "请输入新密码。", "max_length": "密码最多128个字符。"},
    )
    password2 = Secret(
        label="确认新密码",
        autocomplete="new-password",
        error_messages={"required": "请再次输入新密码。", "max_length": "密码最多128个字符。"},
    )

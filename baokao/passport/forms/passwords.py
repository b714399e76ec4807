"""New passwords, of passports and of staff: typed twice, and beside the current one where there is one."""

from typing import Any

from django import forms

from baokao.passport.forms.fields import Secret


class PasswordTwice(forms.Form):
    """Holds the fields `password` and `password2` of a form against each other."""

    mismatch = "两次输入的密码不一致，请重新输入。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("password2")
        if password and again and password != again:
            self.add_error("password2", self.mismatch)
        return cleaned


class ChangePasswordForm(PasswordTwice):
    """The current password, and the new one twice (rule A6)."""

    current = Secret(label="当前密码", autocomplete="current-password", error_messages={"required": "请输入当前密码。"})
    password = Secret(
        label="新密码",
        autocomplete="new-password",
        error_messages={"required": "请输入新密码。", "max_length": "密码最多128个字符。"},
    )
    password2 = Secret(
        label="确认新密码", autocomplete="new-password", error_messages={"required": "请再次输入新密码。"}
    )

"""Signing in at a desk, and what staff change of their own account: shapes only."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from baokao.passport.forms.fields import Secret


class SignInForm(forms.Form):
    """账号, 密码, 动态码 (rule G2)."""

    account = forms.CharField(
        label="账号",
        max_length=254,
        error_messages={"required": "请输入账号。"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"}),
    )
    password = Secret(label="密码", autocomplete="current-password", error_messages={"required": "请输入密码。"})
    code = forms.CharField(
        label="动态码",
        max_length=40,
        error_messages={"required": "请输入动态码。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class PasswordForm(forms.Form):
    """修改密码 of a staff account."""

    current = Secret(label="当前密码", autocomplete="current-password", error_messages={"required": "请输入当前密码。"})
    new = Secret(label="新密码", autocomplete="new-password", error_messages={"required": "请输入新密码。"})
    again = Secret(label="确认新密码", autocomplete="new-password", error_messages={"required": "请再次输入新密码。"})

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        new, again = cleaned.get("new"), cleaned.get("again")
        if new and again and new != again:
            self.add_error("again", "两次输入的新密码不一致，请重新输入。")
        return cleaned

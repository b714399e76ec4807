"""Signing in at a desk: its shape only."""

from django import forms

from baokao.passport.forms.fields import Account, Secret


class SignInForm(forms.Form):
    """账号, 密码, 动态码 (rule G2)."""

    account = Account()
    password = Secret(label="密码", autocomplete="current-password", error_messages={"required": "请输入密码。"})
    code = forms.CharField(
        label="动态码",
        max_length=40,
        error_messages={"required": "请输入动态码。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

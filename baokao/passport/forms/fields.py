"""Fields that the forms of accounts share."""

import unicodedata
from typing import Any

from django import forms


class Address(forms.EmailField):
    """An e-mail address as an account."""

    def __init__(self, *, label: str, autocomplete: str = "username") -> None:
        super().__init__(
            label=label,
            max_length=254,
            error_messages={
                "required": f"请输入{label}。",
                "invalid": f"{label}的格式不正确，例如 name@example.com。",
                "max_length": f"{label}过长，请检查。",
            },
            widget=forms.EmailInput(attrs={"autocomplete": autocomplete}),
        )


class Account(forms.CharField):
    """账号 where somebody signs in. Not of type email: an address that a browser finds odd may still be an account."""

    def __init__(self) -> None:
        super().__init__(
            label="账号",
            max_length=254,
            error_messages={"required": "请输入账号。"},
            widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"}),
        )


class Secret(forms.CharField):
    """A password as typed, blanks included, never sent back to the page."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete}, render_value=False)
        super().__init__(strip=False, max_length=128, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        # One password may reach us in two Unicode spellings from two keyboards; NFKC is what RFC 8265 compares by.
        return unicodedata.normalize("NFKC", super().clean(value))

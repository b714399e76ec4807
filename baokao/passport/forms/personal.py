"""The address and what a person may tell besides, as registering and 修改资料 ask for it."""

import re
import unicodedata

from django import forms

from baokao.core.captcha.forms import CaptchaForm
from baokao.passport.idtypes import IdType

_MOBILE = re.compile(r"\+?\d{8,15}")


class PersonalForm(CaptchaForm):
    """电子邮箱, and 手机, 证件类型, 证件号, 姓名, which may be empty (rule A1)."""

    email = forms.EmailField(
        label="电子邮箱",
        max_length=254,
        error_messages={"required": "请输入电子邮箱。", "invalid": "电子邮箱的格式不正确，例如 name@example.com。"},
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
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

    def clean_mobile(self) -> str | None:
        mobile = re.sub(r"[\s-]", "", self.cleaned_data["mobile"])
        if mobile and not _MOBILE.fullmatch(mobile):
            raise forms.ValidationError("手机号码的格式不正确，请填写8到15位数字，或留空。")
        return mobile

    def clean_name(self) -> str:
        """Without what can't be seen: a mark from right to left would turn the words beside it (proof d4)."""
        name: str = self.cleaned_data["name"]
        return "".join(letter for letter in name if unicodedata.category(letter) != "Cf").strip()

"""What a coordinator fills in to release a registration; shapes only."""

from typing import Any

from django import forms

from baokao.office.review.forms import WithProof
from baokao.registration.services.refusals import NO_PROOF

# What a coordinator can hold against the roster, by what the form sends.
CHECKED = {
    "document": "身份证件原件",
    "card": "学生证或校园卡",
    "photo": "学籍照片与本人相符",
    "other": "其他，在原因中写明",
}


class ReleaseForm(WithProof):
    """释放: for whom, what was checked, why, the scan, and that it is meant."""

    account = forms.CharField(
        label="考生本人的通行证账号",
        max_length=254,
        error_messages={"required": "请填写考生本人的通行证账号。", "max_length": "账号过长，请检查。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    checked = forms.MultipleChoiceField(
        label="核对了什么",
        choices=list(CHECKED.items()),
        error_messages={"required": "请勾选核对了什么。", "invalid_choice": "请在列表中勾选。"},
    )
    reason = forms.CharField(
        label="释放原因",
        max_length=120,
        error_messages={"required": "请填写释放原因。", "max_length": "释放原因过长，请在120字以内。"},
    )
    sure = forms.BooleanField(
        label="我已核对考生本人的身份，确认释放", error_messages={"required": "请勾选确认后再释放。"}
    )
    field_order = ("account", "checked", "reason", "proof", "sure")

    def clean_proof(self) -> list[Any]:
        """No proof is said together with what else is missing."""
        files: list[Any] = self.cleaned_data["proof"]
        if not files:
            raise forms.ValidationError(NO_PROOF.message + NO_PROOF.remedy)
        return files

    @property
    def said(self) -> str:
        """The whole reason: what was checked, then the words."""
        checked = "、".join(CHECKED[key] for key in self.cleaned_data["checked"] if key != "other")
        reason = str(self.cleaned_data["reason"])
        return f"核对了{checked}。{reason}" if checked else reason

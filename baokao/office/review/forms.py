"""What a coordinator fills in about a review; shapes only."""

from typing import Any

from django import forms

from baokao.review.models import Decision
from baokao.review.rules import Certificate
from baokao.roster.rules import is_written_ticket, number_key

PASS, FAIL = Decision.Verdict.PASS, Decision.Verdict.FAIL
# What is mostly said, to be chosen by a click or a digit.
REASONS = {
    "1": (PASS, "本人到场，证件与成绩报告单原件核对一致"),
    "2": (PASS, "学籍照片与成绩记录为同一人"),
    "3": (FAIL, "未提供成绩报告单原件"),
    "4": (FAIL, "成绩记录不属于本人"),
}


class _Several(forms.FileInput):
    """A choice of several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []


class Files(forms.FileField):
    """Several files of one field, or none: what is in them is for `review.evidence` to say."""

    widget = _Several(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(Files, self).clean(one, initial) for one in data or []]


class WithProof(forms.Form):
    """A form with pages of proof."""

    proof = Files(label="证明材料", required=False, allow_empty_file=True)


class DecisionForm(WithProof):
    """复核意见: a common reason, words of one's own, or both; and pages of proof."""

    common = forms.ChoiceField(
        label="常用理由",
        required=False,
        choices=[("", "其他"), *((key, text) for key, (_, text) in REASONS.items())],
        error_messages={"invalid_choice": "请在列表中选择理由。"},
    )
    reason = forms.CharField(
        label="核对依据或原因",
        required=False,
        max_length=150,
        error_messages={"max_length": "理由过长，请在150字以内。"},
    )

    def said(self, verdict: Decision.Verdict) -> str | None:
        """The whole reason; None when the common one chosen belongs to the other verdict."""
        own = self.cleaned_data["reason"].strip()
        chosen = REASONS.get(self.cleaned_data["common"])
        if chosen is None:
            return own
        if chosen[0] != verdict:
            return None
        return "；".join(part for part in (chosen[1], own) if part)


class CertificateForm(WithProof):
    """代为申请: the CET-4 certificate (rule E6)."""

    certificate_number = forms.CharField(
        label="证书编号",
        max_length=40,
        error_messages={"required": "请填写证书编号。", "max_length": "证书编号过长，请检查。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    examined_in = forms.RegexField(
        r"^(19(8[7-9]|9\d)|20\d\d)-(0[1-9]|1[0-2])$",
        label="考试年月",
        error_messages={"required": "请填写考试年月。", "invalid": "请按“2004-06”的格式填写考试年月。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2004-06", "inputmode": "numeric"}),
    )
    score = forms.IntegerField(
        label="成绩",
        required=False,
        min_value=0,
        max_value=710,
        error_messages={
            "invalid": "成绩应为数字。",
            "min_value": "成绩应在0至710分之间。",
            "max_value": "成绩应在0至710分之间。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    ticket = forms.CharField(
        label="准考证号",
        required=False,
        max_length=40,
        error_messages={"max_length": "准考证号过长，请检查。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label="说明",
        required=False,
        max_length=150,
        error_messages={"max_length": "说明过长，请在150字以内。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_ticket(self) -> str:
        key = number_key(self.cleaned_data["ticket"])
        if key and not is_written_ticket(key):
            raise forms.ValidationError("不是有效的笔试准考证号（15位数字），忘记的可以不填。")
        return key

    @property
    def certificate(self) -> Certificate:
        typed = self.cleaned_data
        return Certificate(typed["certificate_number"], typed["examined_in"], typed["score"], typed["ticket"])

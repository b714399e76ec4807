"""Shapes of the questions that are asked about students."""

from django import forms

from baokao.office.exporting import FORMATS


class ReasonForm(forms.Form):
    """理由 of a look at what is masked."""

    reason = forms.CharField(
        label="理由",
        max_length=100,
        error_messages={"required": "请填写理由，理由会记入审计日志。", "max_length": "理由最多 100 字。"},
        widget=forms.TextInput(attrs={"placeholder": "如：考生到办公室核对账号"}),
    )


class LeavingForm(forms.Form):
    """How a list leaves the site: whole ID numbers only with a reason, which the service asks for."""

    whole = forms.BooleanField(label="包含完整证件号码", required=False)
    reason = forms.CharField(
        label="理由",
        max_length=100,
        required=False,
        error_messages={"max_length": "理由最多 100 字。"},
        widget=forms.TextInput(attrs={"placeholder": "包含完整证件号码时必填"}),
    )


class ExportForm(LeavingForm):
    """格式, and whether ID numbers are whole."""

    format = forms.ChoiceField(
        label="格式", choices=FORMATS, error_messages={"required": "请选择格式。", "invalid_choice": "请选择格式。"}
    )

    field_order = ("format", "whole", "reason")


class SearchForm(forms.Form):
    """证件号码 or 学号, in a form: neither stands in an address (rule H2)."""

    number = forms.CharField(
        label="证件号码或学号",
        max_length=60,
        error_messages={"required": "请输入证件号码或学号。", "max_length": "内容过长，请检查。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

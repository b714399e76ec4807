"""Shape and cleaning of what a candidate types; no rule is asked here."""

from django import forms

from baokao.core.captcha.forms import CaptchaForm
from baokao.passport.idtypes import IdType
from baokao.roster.rules import is_written_ticket, number_key


class SittingForm(forms.Form):
    """Which of the open sittings (rule B1)."""

    sitting = forms.CharField(
        label="考次", max_length=5, error_messages={"required": "请选择考次。", "max_length": "请选择考次。"}
    )


class AgreementForm(forms.Form):
    """报名协议: the box, and which version was read (rule B2)."""

    agree = forms.BooleanField(
        label="我已阅读并接受遵守本网站报名协议",
        error_messages={"required": "请勾选“我已阅读并接受遵守本网站报名协议”。"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=30000)


class IdentityForm(forms.Form):
    """Who somebody is: type, number and name, all required (rules A8, B3)."""

    id_type = forms.ChoiceField(
        label="证件类型",
        choices=[("", "- 请选择 -"), *IdType.choices],
        error_messages={"required": "请选择证件类型。", "invalid_choice": "请在列表中选择证件类型。"},
    )
    id_number = forms.CharField(
        label="证件号码",
        max_length=60,
        error_messages={"required": "请输入证件号码。", "max_length": "证件号码过长，请检查。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "请输入证件号码"}),
    )
    name = forms.CharField(
        label="姓名",
        max_length=60,
        error_messages={"required": "请输入姓名。", "max_length": "姓名过长，请检查。"},
        widget=forms.TextInput(attrs={"autocomplete": "name", "placeholder": "请输入姓名"}),
    )


class EligibilityForm(IdentityForm):
    """资格信息查询 (rule B3)."""


class RetrieveForm(IdentityForm, CaptchaForm):
    """最近考次报名账号找回 (rule A8)."""

    captcha_purpose = "retrieve"

    field_order = ("id_type", "id_number", "name", "captcha")


class ConfirmForm(forms.Form):
    """资格信息确认: the box, and the record that the page showed, so that two open pages can't be mixed up (B4, B5)."""

    sure = forms.BooleanField(label="我已检查并确认学籍与资格信息正确", error_messages={"required": "请勾选确认"})
    record = forms.CharField(widget=forms.HiddenInput, max_length=400)


class ReviewForm(forms.Form):
    """CET6资格复核申请: the ticket number of the CET-4 that was passed, and the box (rule E2)."""

    ticket = forms.CharField(
        label="准考证号",
        max_length=40,
        error_messages={"required": "请输入准考证号。", "max_length": "准考证号过长，请检查。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "placeholder": "15位数字"}),
    )
    mine = forms.BooleanField(
        label="我确认提交复核的信息所有者为本人，且准考证号已通过CET四级笔试(分数≥425)",
        error_messages={"required": "请勾选“我确认提交复核的信息所有者为本人”。"},
    )

    def clean_ticket(self) -> str:
        """The normalised number, if it is shaped like one."""
        key = number_key(self.cleaned_data["ticket"])
        if not is_written_ticket(key):
            raise forms.ValidationError("不是有效的笔试准考证号（15位数字），请核对后重新填写。")
        return key

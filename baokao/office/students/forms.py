"""One student by form: shapes only; the roster's own reader says what is wrong with a value."""

from collections.abc import Iterable
from typing import Any

from django import forms

from baokao.exams.models import Campus
from baokao.exams.reference import SUBJECTS
from baokao.passport.idtypes import IdType
from baokao.roster.models import StudentRecord

# Each field with the column of a roster file that it stands for.
COLUMNS = {
    "id_type": "证件类型", "id_number": "证件号码", "name": "姓名", "gender": "性别", "campus": "校区代码",
    "written_campus": "笔试报名校区代码", "degree": "学历", "length": "学制", "entry_year": "入学年份", "grade": "年级",
    "department": "院系", "major": "专业", "class_name": "班级", "student_no": "学号", "remark": "备注",
    "subjects": "资格科目",
}  # fmt: skip
FIELDS = {column: name for name, column in COLUMNS.items()}
SUBJECT_CHOICES = [(code, name) for code, name, *_ in SUBJECTS]
# Longer than any column: what is too long is said by the reader, with the column's own limit.
_LONG = 300


def _text(label: str, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=_LONG,
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}过长，请缩短。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _choice(label: str, choices: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    message = f"请选择{label}。"
    return forms.ChoiceField(
        label=label,
        choices=[("", "- 请选择 -"), *choices],
        error_messages={"required": message, "invalid_choice": message},
    )


class StudentForm(forms.Form):
    """补录 and 修改. When a student is edited an empty number means the one there is."""

    sitting = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    id_type = _choice("证件类型", IdType.choices)
    id_number = _text("证件号码", required=True)
    name = _text("姓名", required=True)
    gender = _choice("性别", [("男", "男"), ("女", "女")])
    campus = _choice("学籍校区", [])
    written_campus = _choice("笔试报名校区", [])
    degree = _text("学历")
    length = _text("学制")
    entry_year = _text("入学年份")
    grade = _text("年级")
    department = _text("院系")
    major = _text("专业")
    class_name = _text("班级")
    student_no = _text("学号")
    remark = _text("备注")
    subjects = forms.MultipleChoiceField(label="资格科目", required=False, choices=SUBJECT_CHOICES)

    def __init__(self, *arguments: Any, campuses: Iterable[Campus], edited: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        known = [(campus.code, f"({campus.code}){campus.name}") for campus in campuses]
        self.fields["campus"].choices = [("", "- 请选择 -"), *known]  # type: ignore[attr-defined]
        self.fields["written_campus"].choices = [("", "同学籍校区"), *known]  # type: ignore[attr-defined]
        self.fields["written_campus"].required = False
        self.fields["id_number"].required = not edited

    def cells(self, record: StudentRecord | None) -> dict[str, str]:
        """The row of a roster file that was typed."""
        typed = dict(self.cleaned_data)
        typed["subjects"] = "；".join(typed["subjects"])
        typed["id_number"] = typed["id_number"] or (record.id_number if record else "")
        return {column: typed[name] for name, column in COLUMNS.items()}

    @classmethod
    def values_of(cls, record: StudentRecord) -> dict[str, Any]:
        """What the form shows of a record: everything but the number."""
        texts = (name for name in COLUMNS if name not in ("id_number", "campus", "written_campus", "subjects"))
        values: dict[str, Any] = {name: getattr(record, name) for name in texts}
        values["campus"] = record.campus_id
        values["written_campus"] = record.written_campus_id if record.written_campus_id != record.campus_id else ""
        values["subjects"] = list(record.subjects_given)
        return values | {"sitting": record.sitting_id, "seen": bytes(record.row_digest).hex()}


class ReasonForm(forms.Form):
    """A reason for something."""

    reason = _text("原因")


class PhotoForm(forms.Form):
    """One photo."""

    photo = forms.FileField(
        label="照片",
        error_messages={"required": "请选择照片。", "empty": "文件是空的，请重新选择。", "invalid": "请选择照片。"},
    )


class FindForm(forms.Form):
    """按证件号码查找: posted, since a number is never in an address (rule H2)."""

    id_number = _text("证件号码", required=True)


class SettleForm(forms.Form):
    """How a conflict is settled."""

    decision = forms.ChoiceField(
        choices=[("to_claimant", ""), ("to_holder", "")],
        error_messages={"required": "请选择处理方式。", "invalid_choice": "请选择处理方式。"},
    )
    reason = _text("理由")

"""Shapes of a school's switches, notice and contacts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from baokao.exams.models import Campus, School
from baokao.exams.services.school import CampusPolicy, ContactLine, SchoolSettings
from baokao.exams.services.school.words import CONTACTS_AT_MOST, NOTICE_AT_MOST
from baokao.office.saving import VersionedForm

_BLANK_ROWS = 2


class SwitchesForm(VersionedForm):
    """The school's switches, its campuses' policies, and the campus that it names for each written subject."""

    def __init__(
        self, data: QueryDict | None, standing: SchoolSettings, campuses: Sequence[Campus], subjects: Mapping[str, str]
    ) -> None:
        super().__init__(data)
        self.codes, self.named = [campus.code for campus in campuses], list(standing.named)
        self.fields["both_levels"] = forms.BooleanField(
            label="允许考生同时报考四级和六级", required=False, initial=standing.allows_both_levels
        )
        self.fields["outbound"] = _choice("本校考生可在哪里报考口试", School.Outbound.choices, standing.outbound)
        for campus in campuses:
            policy = standing.campuses[campus.code]
            self.fields[f"outbound_{campus.code}"] = _choice(
                f"{campus.name}的考生可在哪里报考口试", School.Outbound.choices, policy.outbound
            )
            self.fields[f"inbound_{campus.code}"] = _choice(
                f"{campus.name}接受哪里的考生报考口试", Campus.Inbound.choices, policy.inbound
            )
        places = [("", "考生学籍所在校区"), *((one.code, f"({one.code}){one.name}") for one in campuses)]
        for subject in self.named:
            self.fields[f"named_{subject}"] = _choice(
                f"{subjects[subject]}的报名校区", places, standing.named[subject], required=False
            )

    @property
    def settings(self) -> SchoolSettings:
        """What was chosen."""
        typed = self.cleaned_data
        return SchoolSettings(
            typed["both_levels"],
            typed["outbound"],
            {code: CampusPolicy(typed[f"outbound_{code}"], typed[f"inbound_{code}"]) for code in self.codes},
            {subject: typed[f"named_{subject}"] for subject in self.named},
        )

    def campus_rows(self) -> Iterator[tuple[str, Any, Any]]:
        """Code, outbound and inbound field of each campus."""
        for code in self.codes:
            yield code, self[f"outbound_{code}"], self[f"inbound_{code}"]

    def named_fields(self) -> list[Any]:
        return [self[f"named_{subject}"] for subject in self.named]


def _choice(label: str, choices: Any, initial: str, required: bool = True) -> forms.ChoiceField:
    wrong = {"required": f"请选择{label}。", "invalid_choice": f"请在列表中选择{label}。"}
    return forms.ChoiceField(label=label, choices=choices, initial=initial, required=required, error_messages=wrong)


class NoticeForm(VersionedForm):
    """学校通告, one line a paragraph."""

    body = forms.CharField(
        label="通告内容",
        required=False,
        max_length=NOTICE_AT_MOST,
        error_messages={"max_length": f"通告最多 {NOTICE_AT_MOST} 字，请删减后再保存。"},
        widget=forms.Textarea(attrs={"rows": "10"}),
    )

    def clean_body(self) -> str:
        """Lines without trailing blanks, no blank lines at the ends."""
        body: str = self.cleaned_data["body"]
        return "\n".join(line.rstrip() for line in body.splitlines()).strip("\n")


class ContactsForm(VersionedForm):
    """学校负责老师 of a campus, a row each; rows left empty are none."""

    def __init__(self, data: QueryDict | None, standing: Sequence[ContactLine]) -> None:
        super().__init__(data)
        self.count = min(CONTACTS_AT_MOST, len(standing) + _BLANK_ROWS)
        for n in range(self.count):
            line = standing[n] if n < len(standing) else ContactLine("", "")
            for name, (label, longest) in _PARTS.items():
                self.fields[f"{name}_{n}"] = forms.CharField(
                    label=f"{label}" if self.count == 1 else f"第 {n + 1} 位{label}",
                    max_length=longest,
                    required=False,
                    initial=getattr(line, name),
                    error_messages={"max_length": f"第 {n + 1} 位{label}过长，最多 {longest} 字。"},
                )

    def rows(self) -> Iterator[dict[str, Any]]:
        """The bound fields, row by row."""
        for n in range(self.count):
            yield {"n": n + 1, **{name: self[f"{name}_{n}"] for name in _PARTS}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for n in range(self.count):
            given = {name for name in _PARTS if cleaned.get(f"{name}_{n}")}
            for name in ("name", "phone"):
                if given and name not in given and f"{name}_{n}" not in self.errors:
                    self.add_error(f"{name}_{n}", f"请填写第 {n + 1} 位{_PARTS[name][0]}。")
        return cleaned

    @property
    def lines(self) -> list[ContactLine]:
        """Those that were filled in, in their order."""
        rows = [
            ContactLine(**{name: " ".join(self.cleaned_data[f"{name}_{n}"].split()) for name in _PARTS})
            for n in range(self.count)
        ]
        return [row for row in rows if row.name]


_PARTS = {"name": ("联系人", 30), "phone": ("电话", 40), "office": ("办公地点", 80), "hours": ("办公时间", 80)}

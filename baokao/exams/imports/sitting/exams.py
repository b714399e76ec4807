"""Exam days and their subjects.

A day is said once for all that is examined on it; the announced date of the sitting and the exam dates of its subjects
are both made of it, so that they can't disagree.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time

from baokao.core.sheets import Findings
from baokao.core.yamlfile import Fields, value
from baokao.core.yamlfile.values import day, time_of_day
from baokao.exams.imports.sitting.known import Known, SubjectKnown

# A group of subjects that are examined on one day: its kind, its level where that matters, the sitting's own column.
GROUPS = {
    "written": ("written", None, "written_on"),
    "speaking_4": ("speaking", 4, "speaking4_on"),
    "speaking_6": ("speaking", 6, "speaking6_on"),
}
_UNDATED = "undated"


@dataclass
class Exams:
    """`days` by the sitting's columns, `subjects` by code with their own columns; None is a date not announced."""

    days: dict[str, date | None] = field(default_factory=dict)
    subjects: dict[str, dict[str, date | time | None]] = field(default_factory=dict)


def read(root: Fields, known: Known, findings: Findings) -> Exams:
    """Days and subjects. A group that is named has to name every subject that the sitting has in it."""
    node = root.node("exams")
    return _Reader(known, findings).read(Fields(node, "exams", (*GROUPS, _UNDATED), findings)) if node else Exams()


def belongs(subject: SubjectKnown, group: str) -> bool:
    """Whether the subject is examined on the group's day."""
    kind, level, _ = GROUPS[group]
    return subject.kind == kind and level in (None, subject.level)


def forgotten(group: str, known: Known, named: Collection[str]) -> list[SubjectKnown]:
    """Subjects of the group that the sitting has and the file doesn't name: they would keep another day."""
    return [
        subject
        for code, subject in known.subjects.items()
        if code in known.offered and code not in named and belongs(subject, group)
    ]


class _Reader:
    def __init__(self, known: Known, findings: Findings):
        self._known, self._findings = known, findings
        self._exams = Exams()

    def read(self, fields: Fields) -> Exams:
        for name in GROUPS:
            if (group := fields.node(name)) is not None:
                self._group(name, Fields(group, fields.path(name), ("day", "subjects"), self._findings))
        for path, item in fields.items(_UNDATED):
            if subject := value(item, path, self._known.subject, self._findings):
                self._add(subject, path, item.line, {"exam_on": None})
        for name in GROUPS:
            for subject in forgotten(name, self._known, self._exams.subjects) if name in fields else ():
                reason = f"本考次已有科目 {subject.label}，请写入 subjects，不公布考试日期的写入 {_UNDATED}"
                fields.fault(name, reason)
        return self._exams

    def _group(self, name: str, fields: Fields) -> None:
        on = None if fields.is_null("day") else fields.need("day", day)
        self._exams.days[GROUPS[name][2]] = on
        if "subjects" not in fields:
            fields.fault("subjects", "未填写")
        for path, item in fields.items("subjects"):
            inner = Fields(item, path, ("code", "starts", "ends"), self._findings)
            times = self._times(inner)
            subject = inner.need("code", self._known.subject)
            if subject is None:
                continue
            if belongs(subject, name):
                self._add(subject, path, item.line, {"exam_on": on, **times})
            else:
                inner.fault("code", f"科目 {subject.label} 不属于 {name}")

    def _times(self, fields: Fields) -> dict[str, time | None]:
        times = fields.columns({"starts": time_of_day, "ends": time_of_day}, nullable=("starts", "ends"))
        starts, ends = times.get("starts"), times.get("ends")
        if ("starts" in fields) != ("ends" in fields):
            fields.fault("ends" if "starts" in fields else "starts", "未填写；starts 与 ends 须一起写")
        elif starts and ends and ends <= starts:
            fields.fault("ends", "不晚于 starts")
        return {f"{name}_at": moment for name, moment in times.items()}

    def _add(self, subject: SubjectKnown, path: str, line: int, columns: dict[str, date | time | None]) -> None:
        if subject.code in self._exams.subjects:
            self._findings.fault(line, path, f"科目 {subject.label} 在 exams 中写了两次")
        self._exams.subjects[subject.code] = columns

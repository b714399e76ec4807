"""What a file is judged against: the places and subjects there are, and the sitting as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from baokao.core.yamlfile import Convert, Unsuitable
from baokao.core.yamlfile.values import code_of, quoted


@dataclass(frozen=True)
class SubjectKnown:
    """A subject of the field's own list."""

    code: str
    name: str
    level: int
    kind: str

    @property
    def label(self) -> str:
        return f"({self.code}) {self.name}"


@dataclass(frozen=True)
class Known:
    """Read once from the database. `columns` are the standing sitting's own, empty for one that is new; `offered` the
    codes of its subjects."""

    code: str
    provinces: frozenset[str]
    schools: frozenset[str]
    campuses: frozenset[str]
    subjects: Mapping[str, SubjectKnown]
    offered: frozenset[str] = frozenset()
    columns: Mapping[str, Any] = field(default_factory=dict)
    has_agreement: bool = False

    @property
    def is_new(self) -> bool:
        return not self.columns

    def subject(self, text: str) -> SubjectKnown:
        """A subject by its code or its name. Raises Unsuitable."""
        for subject in self.subjects.values():
            if text in (subject.code, subject.name):
                return subject
        raise Unsuitable(f"未知的科目{quoted(text)}，应为科目代码（如 1、F）或名称")

    def of_sitting(self, offered: frozenset[str]) -> Convert[SubjectKnown]:
        """A subject that the sitting has."""

        def convert(text: str) -> SubjectKnown:
            subject = self.subject(text)
            if subject.code not in offered:
                raise Unsuitable(f"本考次没有科目 {subject.label}，请先写入 exams")
            return subject

        return convert

    def province(self, text: str) -> str:
        return code_of("2 位省代码", "[0-9]{2}", self.provinces)(text)

    def school(self, text: str) -> str:
        return code_of("5 位学校代码", "[0-9]{5}", self.schools)(text)

    def campus(self, text: str) -> str:
        return code_of("6 位校区代码", "[0-9]{6}", self.campuses)(text)

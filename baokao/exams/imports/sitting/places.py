"""Settings of schools and campuses, and whom their candidates may ask (rules C1, C3, C8, G8)."""

from dataclasses import dataclass, field
from typing import Any

from baokao.core.sheets import Findings
from baokao.core.yamlfile import Convert, Fields, Scalar, Unsuitable, value
from baokao.core.yamlfile.values import flag, line, one_of
from baokao.exams.imports.sitting.known import Known

OUTBOUND = {"own": "本校", "any": "不限"}
INBOUND = {"own": "本校", "province": "本省", "nation": "全国"}
_SCHOOL: dict[str, Convert[Any]] = {"allows_both_levels": flag, "speaking_outbound": one_of(OUTBOUND)}
_CAMPUS: dict[str, Convert[Any]] = {"speaking_outbound": one_of(OUTBOUND), "speaking_inbound": one_of(INBOUND)}
_CONTACT: dict[str, Convert[Any]] = {"office": line(80), "hours": line(80)}


@dataclass
class SchoolPart:
    """`columns` of the school; `subject_campuses` by subject, None where the school names none any more."""

    columns: dict[str, Any] = field(default_factory=dict)
    subject_campuses: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class ContactPart:
    """Somebody whom candidates may ask."""

    name: str
    phone: str
    office: str = ""
    hours: str = ""


@dataclass
class CampusPart:
    """`contacts` is None where the file leaves them alone, and else all of them, in their order."""

    columns: dict[str, Any] = field(default_factory=dict)
    contacts: list[ContactPart] | None = None


def read_schools(root: Fields, known: Known, offered: frozenset[str], findings: Findings) -> dict[str, SchoolPart]:
    """The named schools by code."""
    found: dict[str, SchoolPart] = {}
    for key, path, node in root.entries("schools"):
        school = value(key, path, known.school, findings)
        if school is None:
            continue
        fields = Fields(node, path, (*_SCHOOL, "subject_campuses"), findings)
        part = found[school] = SchoolPart(fields.columns(_SCHOOL))
        for subject_key, inner, place in fields.entries("subject_campuses"):
            subject = value(subject_key, inner, known.of_sitting(offered), findings)
            if subject is None:
                continue
            if subject.kind != "written":
                findings.fault(subject_key.line, inner, f"科目 {subject.label} 是口试，校区由考生选择，不能指定")
            elif subject.code in part.subject_campuses:
                findings.fault(subject_key.line, inner, f"科目 {subject.label} 写了两次")
            elif isinstance(place, Scalar) and place.is_null:
                part.subject_campuses[subject.code] = None
            elif campus := value(place, inner, _own_campus(school, known), findings):
                part.subject_campuses[subject.code] = campus
    return found


def _own_campus(school: str, known: Known) -> Convert[str]:
    def convert(text: str) -> str:
        campus = known.campus(text)
        if not campus.startswith(school):
            raise Unsuitable(f"校区 {campus} 不是学校 {school} 的")
        return campus

    return convert


def read_campuses(root: Fields, known: Known, findings: Findings) -> dict[str, CampusPart]:
    """The named campuses by code."""
    found: dict[str, CampusPart] = {}
    for key, path, node in root.entries("campuses"):
        campus = value(key, path, known.campus, findings)
        if campus is None:
            continue
        fields = Fields(node, path, (*_CAMPUS, "contacts"), findings)
        part = found[campus] = CampusPart(fields.columns(_CAMPUS))
        if fields.node("contacts") is not None:
            part.contacts = _contacts(fields, findings)
    return found


def _contacts(fields: Fields, findings: Findings) -> list[ContactPart]:
    found = []
    for path, item in fields.items("contacts"):
        inner = Fields(item, path, ("name", "phone", *_CONTACT), findings)
        name, phone = inner.need("name", line(30)), inner.need("phone", line(40))
        rest = inner.columns(_CONTACT)
        if name and phone:
            found.append(ContactPart(name, phone, **rest))
    return found

"""A school's switches: 四级六级同时报考 (C3), speaking policies (C8), the campus named for a subject (C1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baokao.core import versions
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.exams.audit import ExamsAction
from baokao.exams.models import Campus, School, SittingSubject, SubjectCampus
from baokao.exams.services.school.turn import Setter, refuse_changed, refuse_frozen_anywhere, turn


@dataclass(frozen=True)
class CampusPolicy:
    """Where a campus's students may take a speaking test (`own`, `any`), and whose it takes (`own`, `province`,
    `nation`)."""

    outbound: str
    inbound: str


@dataclass(frozen=True)
class SchoolSettings:
    """All switches of a school in a sitting: campuses by code, and by subject the campus that the school names, which
    only subjects with one have."""

    allows_both_levels: bool
    outbound: str
    campuses: Mapping[str, CampusPolicy] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """What each field of a form says."""
        found: dict[str, object] = {"both_levels": self.allows_both_levels, "outbound": self.outbound}
        for code, policy in sorted(self.campuses.items()):
            found |= {f"outbound_{code}": policy.outbound, f"inbound_{code}": policy.inbound}
        return found | {f"named_{subject}": campus for subject, campus in sorted(self.named.items())}

    @property
    def version(self) -> str:
        return versions.version(self.values())


def settings_of(school: str, sitting: str) -> SchoolSettings:
    """What the school's switches say now; `named` has every written subject of the sitting, with "" where no campus is
    named."""
    row = School.objects.get(code=school)
    subjects = SittingSubject.objects.filter(sitting_id=sitting, subject__kind="written").order_by("subject__position")
    named = dict.fromkeys(subjects.values_list("subject_id", flat=True), "")
    for subject, campus in SubjectCampus.objects.filter(sitting_id=sitting, school_id=school).values_list(
        "subject_id", "campus_id"
    ):
        named[subject] = campus
    campuses = {
        one.code: CampusPolicy(one.speaking_outbound, one.speaking_inbound)
        for one in Campus.objects.filter(school_id=school)
    }
    return SchoolSettings(row.allows_both_levels, row.speaking_outbound, campuses, named)


def set_settings(setter: Setter, wanted: SchoolSettings, seen: str) -> list[str]:
    """Let the switches say what is wanted; returns the fields that changed. No entry that there is is touched.

    Switches and policies hold in every sitting, the named campuses in this one. Raises RefusedError: a campus of
    another school, a choice that there isn't, frozen in another sitting, or somebody else changed it meanwhile.
    """
    with turn(setter, ExamsAction.SETTINGS_SET, f"school:{setter.school}") as record:
        standing = settings_of(setter.school, setter.sitting)
        _check(wanted, standing)
        before, after = standing.values(), wanted.values()
        refuse_changed(seen, before, {name: told(name, value) for name, value in before.items()})
        changed = [name for name, value in after.items() if value != before[name]]
        if any(not name.startswith("named_") for name in changed):
            refuse_frozen_anywhere(setter.school)
        if changed:
            record({name: [before[name], after[name]] for name in changed})
            _write(setter, standing, wanted)
        return changed


def told(name: str, value: object) -> str:
    """A field with its value, in a person's words."""
    what, _, code = name.partition("_")
    outbound, inbound = dict(School.Outbound.choices), dict(Campus.Inbound.choices)
    if name == "both_levels":
        return f"四级和六级同时报考，现为{'允许' if value else '不允许'}"
    if what == "named":
        subject = exams.subject_names().get(code, code)
        return f"{subject}的报名校区，现为{f' {value}' if value else '学籍所在校区'}"
    if what == "inbound":
        return f"校区 {code} 接受的口试考生，现为{inbound[str(value)]}"
    whose = f"校区 {code}" if code else "全校"
    return f"{whose}考生的口试报考范围，现为{outbound[str(value)]}"


def _check(wanted: SchoolSettings, standing: SchoolSettings) -> None:
    known = set(standing.campuses)
    ways, takes = set(School.Outbound.values), set(Campus.Inbound.values)
    sound = (
        set(wanted.campuses) == known
        and set(wanted.named) == set(standing.named)
        and set(wanted.named.values()) <= known | {""}
        and {wanted.outbound, *(policy.outbound for policy in wanted.campuses.values())} <= ways
        and {policy.inbound for policy in wanted.campuses.values()} <= takes
    )
    if not sound:
        raise RefusedError(Refused("not_a_choice", "提交的选项不在列表中。", "请刷新页面后再试。"))


def _write(setter: Setter, standing: SchoolSettings, wanted: SchoolSettings) -> None:
    School.objects.filter(code=setter.school).update(
        allows_both_levels=wanted.allows_both_levels, speaking_outbound=wanted.outbound
    )
    for code, policy in sorted(wanted.campuses.items()):
        if policy != standing.campuses[code]:
            Campus.objects.filter(code=code).update(speaking_outbound=policy.outbound, speaking_inbound=policy.inbound)
    for subject, campus in wanted.named.items():
        if campus == standing.named[subject]:
            continue
        key = {"sitting_id": setter.sitting, "school_id": setter.school, "subject_id": subject}
        SubjectCampus.objects.filter(**key).delete()
        if campus:
            SubjectCampus.objects.create(**key, campus_id=campus)

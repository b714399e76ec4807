"""Reads of the exam's own tables. What every visitor asks for alike is remembered for a second."""

from collections.abc import Mapping
from dataclasses import dataclass

from baokao.core.brief import brief
from baokao.exams.models import (
    Agreement,
    Campus,
    Contact,
    Instructions,
    Notice,
    Offering,
    Province,
    School,
    Sitting,
    Subject,
)
from baokao.exams.rules import Light, light


@dataclass(frozen=True)
class NoticeText:
    """省通告 or 学校通告: whose it is, as (code)name, and its lines."""

    title: str
    lines: tuple[str, ...]


@brief()
def open_sittings() -> tuple[Sitting, ...]:
    """The sittings that are open to candidates, latest first; usually one, in 2020 two (rule B1)."""
    return tuple(Sitting.objects.filter(state=Sitting.State.OPEN).order_by("-code"))


@brief()
def all_sittings() -> tuple[Sitting, ...]:
    """Every sitting, latest first: what a desk may choose between."""
    return tuple(Sitting.objects.order_by("-code"))


@brief(60)
def province_name(code: str) -> str:
    """`浙江`; empty for a code that there isn't."""
    return Province.objects.values_list("name", flat=True).filter(code=code).first() or ""


@brief(60)
def school_name(code: str) -> str:
    """`(99301)测试学校机构01`; empty for a code that there isn't."""
    name = School.objects.values_list("name", flat=True).filter(code=code).first()
    return f"({code}){name}" if name else ""


@brief(60)
def sitting_name(code: str) -> str:
    """`2026年下半年CET考试`."""
    return Sitting.objects.values_list("name", flat=True).get(code=code)


def is_open(sitting: str) -> bool:
    """Whether candidates may change anything in the sitting; an earlier one stays readable (rule B1)."""
    return any(one.code == sitting for one in open_sittings())


@brief()
def agreement(sitting: str) -> Agreement | None:
    """The version to accept now (rule B2)."""
    return Agreement.objects.filter(sitting_id=sitting).order_by("-version").first()


@brief()
def instructions(sitting: str, kind: str) -> tuple[str, ...]:
    """报考须知 of the written or the speaking page."""
    found = Instructions.objects.filter(sitting_id=sitting, kind=kind).values_list("body", flat=True).first()
    return tuple(_lines(found or ""))


@brief()
def province_notice(sitting: str, province: str) -> NoticeText | None:
    """省通告, if the province wrote one."""
    notice = Notice.objects.filter(sitting_id=sitting, province_id=province).select_related("province").first()
    if notice is None or notice.province is None:
        return None
    return NoticeText(f"({notice.province.code}){notice.province.name}", tuple(_lines(notice.body)))


@brief()
def school_notice(sitting: str, school: str) -> NoticeText | None:
    """学校通告, if the school wrote one."""
    notice = Notice.objects.filter(sitting_id=sitting, school_id=school).select_related("school").first()
    if notice is None or notice.school is None:
        return None
    return NoticeText(f"({notice.school.code}){notice.school.name}", tuple(_lines(notice.body)))


@brief()
def contacts(campus: str) -> tuple[Contact, ...]:
    """Whom a candidate of the campus may ask (rule G8)."""
    return tuple(Contact.objects.filter(campus_id=campus))


def lights(campus: str, sitting: str = "") -> dict[str, Light]:
    """The light of every offering of a campus, by subject code (rule C9), in one open sitting or in all, the latest
    last to speak. Not remembered: the fragment that is made of it is (`home`)."""
    rows = Offering.objects.filter(campus_id=campus, offered=True, sitting__state=Sitting.State.OPEN)
    if sitting:
        rows = rows.filter(sitting_id=sitting)
    found = rows.order_by("sitting_id", "subject__position").values_list("subject_id", "capacity", "taken")
    return {code: light(capacity, taken) for code, capacity, taken in found}


def existing(places: Mapping[str, str]) -> dict[str, str]:
    """Of campus codes by whatever key those that there are."""
    known = set(Campus.objects.filter(code__in=set(places.values())).values_list("code", flat=True))
    return {key: campus for key, campus in places.items() if campus in known}


def province_lights(province: str, subject: str, sitting: str) -> dict[str, Light]:
    """The light of one subject at every campus of a province that offers it in an open sitting, by campus code."""
    rows = Offering.objects.filter(
        sitting_id=sitting, sitting__state=Sitting.State.OPEN, subject_id=subject, offered=True,
        campus__school__province_id=province,
    )  # fmt: skip
    found = rows.order_by("campus_id").values_list("campus_id", "capacity", "taken")
    return {campus: light(capacity, taken) for campus, capacity, taken in found}


@brief(60)
def subject_names() -> dict[str, str]:
    """`英语四级笔试` by code, in the subjects' order."""
    return dict(Subject.objects.order_by("position").values_list("code", "name"))


@brief(60)
def speaking_codes() -> frozenset[str]:
    """Codes of the speaking subjects."""
    return frozenset(Subject.objects.filter(kind=Subject.Kind.SPEAKING).values_list("code", flat=True))


def _lines(body: str) -> list[str]:
    return [line.strip() for line in body.splitlines() if line.strip()]

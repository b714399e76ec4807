"""What home and confirmation show."""

import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse

from baokao.core.verdict import Refused
from baokao.core.words import left, shown
from baokao.exams import queries as exams
from baokao.exams.models import Campus, School, Sitting
from baokao.registration import opening
from baokao.registration.services import save
from baokao.review import facts as review
from baokao.review import rules as review_rules
from baokao.roster.models import StudentRecord


def home_window(sitting: Sitting, now: datetime) -> dict[str, Any] | None:
    """The announced registration time and what is left of it: to its opening, then to its closing."""
    opens, closes = sitting.registration_opens_at, sitting.registration_closes_at
    if opens is None or closes is None:
        return None
    remaining = left(closes, now) if now >= opens else left(opens, now)
    return {"opens": opens, "closes": closes, "open": opens <= now < closes, "coming": now < opens, "left": remaining}


def tickets(sitting: Sitting) -> list[dict[str, Any]]:
    """准考证打印时间 of the sitting, as far as announced."""
    found = []
    if sitting.speaking_tickets_at:
        days = [(sitting.speaking4_on, "英语四级"), (sitting.speaking6_on, "英语六级")]
        dated = "、".join(f"{day.month}月{day.day}日（{level}）" for day, level in days if day)
        text = f"口试 {dated}。具体考试时间、考试地点以准考证为准。"
        found.append({"title": "口试准考证打印", "at": sitting.speaking_tickets_at, "text": text})
    if sitting.written_tickets_at and sitting.written_on:
        day = f"{sitting.written_on.month}月{sitting.written_on.day}日"
        text = f"笔试 {day}。请登录该系统进行下载及打印，考试日前均可进行操作。"
        found.append({"title": "笔试准考证打印", "at": sitting.written_tickets_at, "text": text})
    return found


def subjects_text(codes: str) -> str:
    """`英语四级笔试；英语四级口试`, or 无."""
    return "；".join(name for code, name in exams.subject_names().items() if code in codes) or "无"


def confirmation(record: StudentRecord, passport: uuid.UUID, now: datetime) -> dict[str, Any]:
    """The confirmation page of a record that the passport looked up (rules B5, B6, E1)."""
    found = opening.read(record, now)
    closed = found.closed if found.eligible else None
    refusals: list[Refused] = [closed] if closed is not None else []
    school = record.written_campus.school
    return {
        "record": {
            "name": record.name,
            "gender": record.gender,
            "id_type_name": record.get_id_type_display(),
            "id_number": record.id_number,
            "photo_url": f"{reverse('my:photo')}?looked=1" if getattr(record, "photographed", False) else None,
            "subjects_text": subjects_text(found.eligible),
            "written_school": _place(school),
            "written_campus": _place(record.written_campus),
            **{name: getattr(record, name) for name in save.DETAILS},
        },
        "review_shown": review_rules.is_shown(review.case(record.id, passport, found.eligible)),
        "no_subjects": not found.eligible,
        "refusals": refusals,
        "can_save": bool(found.eligible) and closed is None,
        "window_text": _window_text(closed, now),
        "school_notice": exams.school_notice(record.sitting_id, school.code),
        "contacts": exams.contacts(record.written_campus_id),
    }


def _window_text(closed: Refused | None, now: datetime) -> str:
    return closed.message + closed.remedy if closed is not None else f"现在可以保存（{shown(now)}）。"


def _place(place: School | Campus) -> tuple[str, str]:
    return (place.code, place.name)

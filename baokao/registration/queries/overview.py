"""What the registration page shows: the part of rule C10 that there is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from baokao.core.words import left, masked_number
from baokao.exams import queries as exams
from baokao.registration import rules
from baokao.registration.models import Entry
from baokao.registration.queries.before import subjects_text
from baokao.registration.standing import Bound, HeldEntry
from baokao.review import facts as review
from baokao.review import rules as review_rules
from baokao.roster import queries as roster

_KINDS = {"written": "笔试", "speaking": "口试"}


def registration_page(bound: Bound, entries: Sequence[HeldEntry], now: datetime) -> dict[str, Any]:
    """Person, what is still to do, the two tables with their sums, and the notices."""
    notices = [
        ("省通告", exams.province_notice(bound.sitting, bound.province)),
        ("学校通告", exams.school_notice(bound.sitting, bound.written_school[0])),
    ]
    return {
        "person": {
            "name": bound.name,
            "gender": bound.gender,
            "id_type_name": bound.id_type_name,
            "id_number_masked": masked_number(bound.id_number),
            "photo_url": reverse("my:photo") if roster.has_photo(bound.record) else None,
            "school": bound.school,
            "campus": bound.campus,
            "subjects_text": subjects_text(bound.eligible),
        },
        "review_shown": review_rules.is_shown(review.case(bound.record, bound.passport, bound.eligible)),
        "due": _due(entries, now),
        "group_locked": [_label(entry) for entry in entries if entry.lock == Entry.Lock.GROUP],
        "empty": _empty(bound, now) if not entries else None,
        "todo": [kind for kind in _KINDS if any(e.kind == kind for e in _own_to_pay(entries))],
        **{kind: _table(kind, entries, now) for kind in _KINDS},
        "notices": [(heading, notice) for heading, notice in notices if notice],
        "contacts": exams.contacts(bound.written_campus[0]),
    }


def _own_to_pay(entries: Sequence[HeldEntry]) -> list[HeldEntry]:
    """The unpaid entries whose clock runs: what a group payment holds is the school's to pay (rule D8)."""
    return [entry for entry in entries if entry.state == "unpaid" and entry.lock != Entry.Lock.GROUP]


def _label(entry: HeldEntry) -> str:
    return f"({entry.subject}) {exams.subject_names()[entry.subject]}"


def _table(kind: str, held: Sequence[HeldEntry], now: datetime) -> dict[str, Any]:
    entries = [entry for entry in held if entry.kind == kind]
    return {
        "rows": [
            {
                "label": _label(entry),
                "fee": entry.fee,
                "state": entry.state,
                "state_text": Entry.State(entry.state).label,
                "left": left(entry.ends_at(held), now) if entry.state == "unpaid" else "",
                "ends_at": entry.ends_at(held),
                "lock_text": Entry.Lock(entry.lock).label if entry.lock else "",
                "seating": "未编排",
                "way": Entry.Way(entry.way).label,
                "school": entry.school,
                "campus": entry.campus,
            }
            for entry in entries
        ],
        "status_text": rules.paid_state([entry.state for entry in entries]) if entries else None,
        "unpaid_sum": sum((entry.fee for entry in entries if entry.state == "unpaid"), Decimal(0)),
    }


def _due(held: Sequence[HeldEntry], now: datetime) -> dict[str, Any] | None:
    """The earliest deadline, and how much of the hold is left, in hours (look.md, `due`)."""
    unpaid = _own_to_pay(held)
    if not unpaid:
        return None
    deadline = min(entry.held_until for entry in unpaid)
    hours = max(timedelta(), deadline - now) / timedelta(hours=1)
    most = settings.UNPAID_HOLD / timedelta(hours=1)
    return {
        "count": len(unpaid),
        "sum": sum((entry.fee for entry in unpaid), Decimal(0)),
        "deadline": deadline,
        "left": left(deadline, now) or "不到 1 分",
        "seconds": max(0, int((deadline - now).total_seconds())),
        "max_hours": round(most, 2),
        "value": round(min(hours, most), 2),
    }


def _empty(bound: Bound, now: datetime) -> dict[str, Any] | None:
    """When a registration without entries ends (rule B9)."""
    if bound.empty_since is None:
        return None
    ends = bound.empty_since + settings.EMPTY_HOLD
    return {"ends": ends, "left": left(ends, now) or "不到 1 分"}

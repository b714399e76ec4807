"""What the written page shows: groups of rows, each with its verdicts (rules C1 to C3, C9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from baokao.core import switches
from baokao.core.raw import rows
from baokao.core.verdict import Refused
from baokao.exams import queries as exams
from baokao.registration import facts, rules
from baokao.registration.queries.rows import errors, subject_row
from baokao.registration.rules import SubjectFacts
from baokao.registration.services.refusals import PAUSED
from baokao.registration.standing import Bound

ENGLISH, OTHERS = "英语笔试", "小语种笔试"


def written_page(
    bound: Bound, ticked: frozenset[str] | None, refused: Sequence[Refused], now: datetime
) -> dict[str, Any]:
    """The tables of rule C1. `ticked` is what was just submitted and refused for `refused`, None on a first look."""
    who = facts.Who.of(bound)
    found = facts.from_rows(rows(facts.STATEMENT, who.parameters("written")), who)
    shown = [_row(subject, ticked, refused, now) for subject in found]
    eligible = [row for row in shown if row["eligible"] or row["entry"]]
    groups = [
        {"caption": ENGLISH, "rows": [row for row in eligible if row["language"] == "English"]},
        {"caption": OTHERS, "rows": [row for row in eligible if row["language"] != "English"]},
    ]
    return {
        "instructions": exams.instructions(bound.sitting, "written"),
        "province_notice": exams.province_notice(bound.sitting, bound.province),
        "school_notice": exams.school_notice(bound.sitting, bound.written_school[0]),
        "contacts": exams.contacts(bound.written_campus[0]),
        "groups": [group for group in groups if group["rows"]],
        "others": [row for row in shown if row not in eligible],
        "errors": errors(refused, found),
        "can_submit": any(not row["disabled"] for row in eligible),
        "paused": PAUSED.message if switches.entries_paused() else None,
        # A school may name other campuses for some subjects, each with lights of its own.
        "light_campuses": sorted({row["campus"][0] for row in shown if row["light"]}),
        "sitting_code": bound.sitting,
    }


def _row(
    subject: SubjectFacts, ticked: frozenset[str] | None, refused: Sequence[Refused], now: datetime
) -> dict[str, Any]:
    entered = subject.entry is not None
    reasons = rules.giving_up_refusals(subject, now) if entered else rules.refusals(subject, now)
    checked = entered if ticked is None else subject.code in ticked or (entered and bool(reasons))
    return subject_row(subject, reasons, checked, refused, now)

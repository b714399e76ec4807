"""What the written page shows: groups of rows, each with its verdicts (rules C1 to C3, C9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from baokao.core import switches
from baokao.core.raw import rows
from baokao.core.verdict import Refused
from baokao.exams import queries as exams
from baokao.exams.rules import next_span, open_span
from baokao.registration import facts, rules
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
        "errors": _errors(refused, found),
        "can_submit": any(not row["disabled"] for row in eligible),
        "paused": PAUSED.message if switches.entries_paused() else None,
        "campus_code": bound.written_campus[0],
        "sitting_code": bound.sitting,
    }


def _row(
    subject: SubjectFacts, ticked: frozenset[str] | None, refused: Sequence[Refused], now: datetime
) -> dict[str, Any]:
    entered = subject.entry is not None
    reasons = rules.giving_up_refusals(subject, now) if entered else rules.refusals(subject, now)
    own = [refusal for refusal in refused if subject.code in refusal.about.split(",")]
    return {
        "code": subject.code,
        "label": subject.label,
        "language": subject.language,
        "eligible": subject.eligible,
        "fee": subject.fee,
        "school": subject.school,
        "campus": subject.campus,
        "light": subject.light,
        "window": _window(subject, now),
        "checked": entered if ticked is None else subject.code in ticked or (entered and bool(reasons)),
        "disabled": bool(reasons),
        "reasons": [refusal.message + refusal.remedy for refusal in reasons],
        "error": "".join(refusal.beside or refusal.message for refusal in own) or None,
        "field_id": f"subject-{subject.code}",
        "entry": subject.entry,
    }


def _window(subject: SubjectFacts, now: datetime) -> list[tuple[datetime, datetime]]:
    """The stretch that is open, else the next, else the last: the one that a person asks about."""
    spans = [open_span(subject.spans, now) or next_span(subject.spans, now), *subject.spans[-1:]]
    return [(span.opens_at, span.closes_at) for span in spans if span][:1]


def _errors(refused: Sequence[Refused], found: Sequence[SubjectFacts]) -> list[dict[str, Any]]:
    """One item a refusal, with links to the boxes that it is about."""
    labels = {subject.code: subject.label for subject in found}
    return [
        {
            "message": refusal.message,
            "remedy": refusal.remedy,
            "links": [(f"subject-{code}", labels[code]) for code in refusal.about.split(",") if code in labels],
        }
        for refusal in refused
    ]

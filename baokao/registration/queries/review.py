"""What the page of the CET-6 review shows, and whom a review's result concerns (rules E1, E2)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baokao.core.raw import rows
from baokao.core.verdict import Refused
from baokao.core.words import masked_number
from baokao.exams import queries as exams
from baokao.registration import opening
from baokao.registration.standing import Bound
from baokao.review import facts, rules
from baokao.review import queries as reviews
from baokao.review.models import Application
from baokao.review.services.refusals import CLOSED
from baokao.roster import queries as roster

_HOLDERS = """
SELECT r.record_id, p.account FROM registration_registration r JOIN passport_passport p ON p.id = r.passport_id
 WHERE r.record_id = ANY(%s) AND r.state = 'live' AND p.ended_at IS NULL
"""


@dataclass(frozen=True)
class Applicant:
    """For whom a review is applied for: the bound candidate, or the record that was looked up. `eligible` are the
    codes that may be entered as things stand."""

    record: uuid.UUID
    name: str
    id_type_name: str
    id_number_masked: str
    written_campus: str
    eligible: str


def applicant(bound: Bound | None, record: uuid.UUID | None, sitting: str, now: datetime) -> Applicant | None:
    """The bound candidate, whatever was looked up since; else the looked-up record, if it stands in this sitting."""
    if bound is not None:
        number = masked_number(bound.id_number)
        return Applicant(bound.record, bound.name, bound.id_type_name, number, bound.written_campus[0], bound.eligible)
    found = roster.record_of(record) if record else None
    if found is None or found.sitting_id != sitting:
        return None
    number, type_name = masked_number(found.id_number), found.get_id_type_display()
    eligible = opening.read(found, now).eligible
    return Applicant(found.id, found.name, type_name, number, found.written_campus_id, eligible)


def review_page(who: Applicant, passport: uuid.UUID, sitting: str, now: datetime) -> dict[str, Any]:
    """The application of this passport for the applicant, how it stands, and why none can be submitted now."""
    own = reviews.own(passport, sitting)
    case = facts.case(who.record, passport, who.eligible)
    shown = own if own and own.record == who.record else None
    closed: list[Refused] = [] if exams.is_open(sitting) else [CLOSED]
    reasons = closed or rules.submission_refusals(case, now)
    return {
        "applicant": who,
        "own": shown,
        "state_text": Application.State(shown.state).label if shown else "",
        # That an application waits or has passed is told by its state.
        "reasons": reasons if not shown or shown.state == "failed" else [],
        "can_submit": not reasons,
        "can_delete": not closed and not rules.withdrawal_refusals(case),
        "subjects": exams.subject_names(),
        "contacts": exams.contacts(who.written_campus),
    }


def holders(records: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The accounts that hold a live registration of these records, for the mails of a review's result."""
    return dict(rows(_HOLDERS, [list(records)])) if records else {}

"""What saving written and speaking entries share: the lock, the plan that every rule agreed to, and writing it.

Entries, audit and mail are sent down one pipeline whose last statements are the counters (architecture, "An entry").
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from psycopg import Connection

from baokao.core import faults
from baokao.core.audit.record import INSERT as AUDIT_INSERT
from baokao.core.audit.record import row as audit_row
from baokao.core.outbox.write import INSERT as OUTBOX_INSERT
from baokao.core.outbox.write import row as outbox_row
from baokao.core.raw import prepared
from baokao.core.verdict import RefusedError
from baokao.exams import counters
from baokao.exams import queries as exams
from baokao.registration import rules, standing
from baokao.registration.audit import RegistrationAction
from baokao.registration.rules import SubjectFacts
from baokao.registration.services.refusals import CLOSED, NO_AGREEMENT, UNBOUND
from baokao.registration.standing import Bound

Raw = Connection[tuple[Any, ...]]

_CANCEL = (
    "UPDATE registration_entry SET state = 'cancelled', ended_at = %s WHERE id = ANY(%s::uuid[]) AND state = 'unpaid'"
)
# Sitting, subject and level are copied from the offering, so that an entry can't disagree with what it counts on.
INSERT = """
INSERT INTO registration_entry
       (id, sitting_id, registration_id, offering_id, subject_id, level, kind, way, state, fee, made_at, held_until)
SELECT new.id, o.sitting_id, %s, o.id, s.code, s.level, s.kind, %s, 'unpaid', new.fee, %s, new.held_until
  FROM unnest(%s::uuid[], %s::bigint[], %s::numeric[], %s::timestamptz[]) AS new(id, offering, fee, held_until)
  JOIN exams_offering o ON o.id = new.offering
  JOIN exams_subject s ON s.code = o.subject_id
"""
EMPTY_SINCE = "UPDATE registration_registration SET empty_since = %s WHERE id = %s"


@dataclass(frozen=True)
class Saved:
    """What a submission came to: codes of subjects entered, given up, and kept as they were. A speaking subject that
    moved to another campus is in both of the first two."""

    added: tuple[str, ...]
    given_up: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What is to be written, after every rule agreed. `given_up` have the entry that goes; `leaves_none` says that the
    registration holds no entry afterwards."""

    added: list[SubjectFacts] = field(default_factory=list)
    given_up: list[SubjectFacts] = field(default_factory=list)
    kept: list[SubjectFacts] = field(default_factory=list)
    leaves_none: bool = False
    # Who enters on the candidate's behalf (rule C11); empty when the candidate does it.
    on_behalf: str = ""

    @property
    def way(self) -> str:
        return "school" if self.on_behalf else "candidate"

    @property
    def saved(self) -> Saved:
        return Saved(*(tuple(one.code for one in part) for part in (self.added, self.given_up, self.kept)))


def lock(raw: Raw, passport: uuid.UUID, sitting: str) -> Bound:
    """The passport's live registration, locked until the transaction ends, in the sitting.

    Raises RefusedError when there is none, when the sitting is over (rule B1), or when the newest agreement isn't
    accepted (rule B2).
    """
    row = prepared(raw, standing.LOCK, [passport, sitting]).fetchone()
    if row is None:
        raise RefusedError(UNBOUND)
    if not exams.is_open(sitting):
        raise RefusedError(CLOSED)
    current = exams.agreement(sitting)
    if current is None or row[0] != current.version:
        raise RefusedError(NO_AGREEMENT)
    return standing.bound_from(row[1:])


def write(raw: Raw, plan: Plan, bound: Bound, now: datetime) -> None:
    """Write the plan. Raises RefusedError with 已报满 for each seat that went to somebody else in this very moment;
    the transaction is to be rolled back then."""
    if not (plan.added or plan.given_up):
        return
    ending = [subject.entry for subject in plan.given_up if subject.entry]
    with raw.pipeline():
        if ending:
            prepared(raw, _CANCEL, [now, [entry.id for entry in ending]])
        if plan.added:
            prepared(raw, INSERT, _rows(plan, bound, now))
        if plan.leaves_none or bound.empty_since:
            prepared(raw, EMPTY_SINCE, [now if plan.leaves_none else None, bound.id])
        prepared(raw, AUDIT_INSERT, _audited(plan, bound, now))
        if plan.added:
            prepared(raw, OUTBOX_INSERT, _mail(plan, bound, now))
        faults.point("entries.before_counters")
        moved = counters.move(
            raw,
            taken=[subject.offering for subject in plan.added if subject.offering is not None],
            given_back=[entry.offering for entry in ending],
        )
    wanted = {subject.offering: subject for subject in plan.added}
    full = [wanted[offering] for offering, cursor in moved if cursor.rowcount == 0 and offering in wanted]
    if full:
        raise RefusedError(*(rules.full(subject) for subject in full))
    faults.point("entries.before_commit")


def _rows(plan: Plan, bound: Bound, now: datetime) -> list[Any]:
    return [
        bound.id,
        plan.way,
        now,
        [uuid.uuid4() for _ in plan.added],
        [subject.offering for subject in plan.added],
        [subject.fee for subject in plan.added],
        [rules.held_until(subject, settings.UNPAID_HOLD, now) for subject in plan.added],
    ]


def _audited(plan: Plan, bound: Bound, now: datetime) -> tuple[Any, ...]:
    detail = {"added": [_named(one) for one in plan.added], "given_up": [one.code for one in plan.given_up]}
    return audit_row(
        RegistrationAction.ENTERED_ON_BEHALF if plan.on_behalf else RegistrationAction.ENTRIES_SAVED,
        actor=plan.on_behalf or f"passport:{bound.passport.hex}",
        subject=f"registration:{bound.id}",
        sitting=bound.sitting,
        detail=detail,
        at=now,
    )


def _named(subject: SubjectFacts) -> str:
    """The code; of a speaking subject with its campus, which the candidate chose."""
    return subject.code if subject.kind == "written" else f"{subject.code}@{subject.campus[0]}"


def _mail(plan: Plan, bound: Bound, now: datetime) -> tuple[Any, ...]:
    entered = [
        {"label": _label(one), "held_until": rules.held_until(one, settings.UNPAID_HOLD, now)} for one in plan.added
    ]
    context = {"sitting": exams.sitting_name(bound.sitting), "entered": entered}
    template = "registration/entered"
    if plan.on_behalf:
        template, context["school"] = "registration/entered_on_behalf", bound.school[1]
    payload = {"to": bound.account, "template": template, "context": context}
    return outbox_row("mail", payload, now)


def _label(subject: SubjectFacts) -> str:
    return subject.label if subject.kind == "written" else f"{subject.label} ({subject.campus[0]}){subject.campus[1]}"

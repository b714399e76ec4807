"""Saving entries: the hottest way through the house (rules C2 to C4, C6; architecture, "An entry").

The registration is locked, all facts are read in one statement and the rules are asked; then entries, audit and mail
are sent down one pipeline whose last statements are the counters.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import Connection

from baokao.core import faults, switches
from baokao.core.audit.record import INSERT as AUDIT_INSERT
from baokao.core.audit.record import row as audit_row
from baokao.core.outbox.write import INSERT as OUTBOX_INSERT
from baokao.core.outbox.write import row as outbox_row
from baokao.core.raw import raw_connection
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import counters
from baokao.exams import queries as exams
from baokao.registration import facts, rules, standing
from baokao.registration.audit import RegistrationAction
from baokao.registration.rules import SubjectFacts
from baokao.registration.services.refusals import NO_AGREEMENT, PAUSED, UNBOUND
from baokao.registration.standing import Bound

_CANCEL = "UPDATE registration_entry SET state = 'cancelled', ended_at = %s WHERE id = ANY(%s) AND state = 'unpaid'"
# Sitting, subject and level are copied from the offering, so that an entry can't disagree with what it counts on.
_INSERT = """
INSERT INTO registration_entry
       (id, sitting_id, registration_id, offering_id, subject_id, level, kind, way, state, fee, made_at, held_until)
SELECT new.id, o.sitting_id, %s, o.id, s.code, s.level, s.kind, 'candidate', 'unpaid', new.fee, %s, new.held_until
  FROM unnest(%s::uuid[], %s::bigint[], %s::numeric[], %s::timestamptz[]) AS new(id, offering, fee, held_until)
  JOIN exams_offering o ON o.id = new.offering
  JOIN exams_subject s ON s.code = o.subject_id
"""
_EMPTY_SINCE = "UPDATE registration_registration SET empty_since = %s WHERE id = %s"


@dataclass(frozen=True)
class Saved:
    """What a submission came to: codes of subjects entered, given up, and kept as they were."""

    added: tuple[str, ...]
    given_up: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class _Plan:
    """What is to be written, after every rule agreed."""

    added: list[SubjectFacts]
    given_up: list[SubjectFacts]
    kept: list[SubjectFacts]


def save_entries(
    passport: uuid.UUID, sitting: str, codes: frozenset[str], now: datetime, kind: str = "written"
) -> Saved:
    """Make the candidate's live entries of this kind exactly those of `codes`, all of them or nothing (rule C4).

    A subject that is held already keeps its seat and its clock; one that is held and not asked for is given up.
    Raises RefusedError with every refusal: the agreement (B2), the level rules (C2), each subject's own (C3), what
    can't be given up (C6), and 已报满 for a seat that went to somebody else in this very moment.
    """
    if switches.entries_paused():
        raise RefusedError(PAUSED)
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        row = raw.execute(standing.LOCK, [passport, sitting], prepare=True).fetchone()
        if row is None:
            raise RefusedError(UNBOUND)
        bound, accepted = standing.bound_from(row[1:]), row[0]
        current = exams.agreement(sitting)
        if current is None or accepted != current.version:
            raise RefusedError(NO_AGREEMENT)
        who = facts.Who.of(bound)
        rows = raw.execute(facts.STATEMENT, who.parameters(kind), prepare=True).fetchall()
        plan = _judge(facts.from_rows(rows, who), codes, bound, now)
        if plan.added or plan.given_up:
            _write(raw, plan, bound, now)
    return Saved(*(tuple(one.code for one in part) for part in (plan.added, plan.given_up, plan.kept)))


def _judge(found: Sequence[SubjectFacts], codes: frozenset[str], bound: Bound, now: datetime) -> _Plan:
    wanted = [subject for subject in found if subject.code in codes]
    added = [subject for subject in wanted if subject.entry is None]
    given_up = [subject for subject in found if subject.entry and subject.code not in codes]
    refusals = rules.level_refusals(wanted, bound.allows_both_levels)
    refusals += [refusal for subject in added for refusal in rules.refusals(subject, now)]
    refusals += [refusal for subject in given_up for refusal in rules.giving_up_refusals(subject, now)]
    refusals += [
        Refused("not_offered", "本校区未开考。", about=code)
        for code in sorted(codes - {subject.code for subject in found})
    ]
    if refusals:
        raise RefusedError(*refusals)
    return _Plan(added, given_up, [subject for subject in wanted if subject.entry])


def _write(raw: Connection[tuple[Any, ...]], plan: _Plan, bound: Bound, now: datetime) -> None:
    offerings = {subject.offering: subject for subject in [*plan.added, *plan.given_up] if subject.offering is not None}
    with raw.pipeline():
        if plan.given_up:
            raw.execute(_CANCEL, [now, [subject.entry.id for subject in plan.given_up if subject.entry]], prepare=True)
        if plan.added:
            raw.execute(_INSERT, _rows(plan.added, bound, now), prepare=True)
        stays_empty = not (plan.added or plan.kept)
        if stays_empty or bound.empty_since:
            raw.execute(_EMPTY_SINCE, [now if stays_empty else None, bound.id], prepare=True)
        raw.execute(AUDIT_INSERT, _audited(plan, bound, now), prepare=True)
        if plan.added:
            raw.execute(OUTBOX_INSERT, _mail(plan, bound, now), prepare=True)
        faults.point("entries.before_counters")
        moved = counters.move(
            raw,
            taken=[subject.offering for subject in plan.added if subject.offering is not None],
            given_back=[subject.offering for subject in plan.given_up if subject.offering is not None],
        )
    full = [offerings[offering] for offering, cursor in moved if cursor.rowcount == 0]
    if full:
        raise RefusedError(*(rules.full(subject) for subject in full))
    faults.point("entries.before_commit")


def _rows(added: Sequence[SubjectFacts], bound: Bound, now: datetime) -> list[Any]:
    return [
        bound.id,
        now,
        [uuid.uuid4() for _ in added],
        [subject.offering for subject in added],
        [subject.fee for subject in added],
        [rules.held_until(subject, settings.UNPAID_HOLD, now) for subject in added],
    ]


def _audited(plan: _Plan, bound: Bound, now: datetime) -> tuple[Any, ...]:
    detail = {"added": [one.code for one in plan.added], "given_up": [one.code for one in plan.given_up]}
    return audit_row(
        RegistrationAction.ENTRIES_SAVED,
        actor=f"passport:{bound.passport.hex}",
        subject=f"registration:{bound.id}",
        sitting=bound.sitting,
        detail=detail,
        at=now,
    )


def _mail(plan: _Plan, bound: Bound, now: datetime) -> tuple[Any, ...]:
    entered = [
        {"label": one.label, "held_until": rules.held_until(one, settings.UNPAID_HOLD, now)} for one in plan.added
    ]
    site = settings.BASE_URLS[0] if settings.BASE_URLS else ""
    context = {"entered": entered, "site": site}
    payload = {"to": bound.account, "template": "registration/entered", "context": context}
    return outbox_row("mail", payload, now)

"""The live entries of several registrations at once, with what decides whether a group payment may hold and pay them
(rules C12, D8)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from psycopg import Connection

from baokao.registration import facts, rules
from baokao.registration.rules import LiveEntry
from baokao.registration.standing import Bound

_STATEMENT = f"""
SELECT e.id, e.registration_id, e.offering_id, sub.code, sub.name, sub.level, sub.language, sub.kind, e.state, e.lock,
       e.locked_by, e.fee, e.held_until, s.code, {facts.PIECES}
  FROM registration_entry e
  JOIN exams_offering o ON o.id = e.offering_id
  JOIN exams_subject sub ON sub.code = e.subject_id
  JOIN exams_sittingsubject ss ON ss.sitting_id = e.sitting_id AND ss.subject_id = e.subject_id
  JOIN exams_campus c ON c.code = o.campus_id
  JOIN exams_school s ON s.code = c.school_id
 WHERE e.registration_id = ANY(%s) AND e.state IN ('unpaid', 'paid')
 ORDER BY e.registration_id, sub.position
"""  # noqa: S608 (put together from constants)


def read(raw: Connection[Any], registrations: Iterable[Bound], now: datetime) -> list[LiveEntry]:
    """All live entries of these registrations, in order of the registrations' ids and the subjects."""
    by_id = {bound.id: bound for bound in registrations}
    found = raw.execute(_STATEMENT, [list(by_id)], prepare=True).fetchall()
    return [_entry(row, by_id[row[1]], now) for row in found]


def _entry(row: tuple[Any, ...], bound: Bound, now: datetime) -> LiveEntry:
    *head, school, pieces = row
    pay_until = rules.pay_until(facts.spans(pieces, bound.person, school), now)
    columns: list[Any] = [*head, pay_until, bound.restriction_reason if head[3] in bound.restricted else None]
    return LiveEntry(*columns)

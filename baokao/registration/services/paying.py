"""What the payments app may do to entries, each within a transaction of its own and under the registration's lock.

Payments knows registration and never the reverse: it locks a registration here, keeps entries from changing and ending
while they are paid, marks them paid, and takes a seat again for money that came late (rules D5, D6).
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import Connection

from baokao.exams import counters
from baokao.registration import standing
from baokao.registration.rules import SubjectFacts
from baokao.registration.standing import Bound

Raw = Connection[tuple[Any, ...]]

_LOCK = """
UPDATE registration_entry SET lock = %s, locked_by = %s
 WHERE registration_id = %s AND id = ANY(%s) AND state = 'unpaid' AND locked_by IS NULL
"""
_UNLOCK = "UPDATE registration_entry SET lock = '', locked_by = NULL WHERE locked_by = %s"
_PAY = "UPDATE registration_entry SET state = 'paid', lock = '', locked_by = NULL WHERE id = %s AND state = 'unpaid'"
# Sitting, subject and level are copied from the offering, so that an entry can't disagree with what it counts on.
_RETAKE = """
INSERT INTO registration_entry (id, sitting_id, registration_id, offering_id, subject_id, level, kind, way, state, fee,
                                made_at, held_until)
SELECT %s, o.sitting_id, %s, o.id, s.code, s.level, s.kind, 'candidate', 'paid', %s, %s, %s
  FROM exams_offering o JOIN exams_subject s ON s.code = o.subject_id
 WHERE o.id = %s
"""
# Each offering at which one of these entries has ended, so that a seat may be taken there again.
_LOCK_PLACES = """
SELECT o.id FROM exams_offering o
 WHERE o.id = ANY (ARRAY(SELECT e.offering_id FROM registration_entry e
                          WHERE e.id = ANY(%s) AND e.state NOT IN ('unpaid', 'paid')))
 ORDER BY o.id FOR NO KEY UPDATE OF o
"""
# What a group takes must not be over in this moment, whatever was read before (rules C5, D8).
_TAKE = """
UPDATE registration_entry SET lock = 'group', locked_by = %s
 WHERE id = ANY(%s) AND state = 'unpaid' AND locked_by IS NULL AND held_until > %s
RETURNING id
"""
_LET_GO = """
UPDATE registration_entry e SET lock = '', locked_by = NULL, held_until = given.held_until, warned_at = NULL
  FROM unnest(%s::uuid[], %s::timestamptz[]) AS given(id, held_until)
 WHERE e.id = given.id AND e.locked_by = %s
RETURNING e.id
"""
# Written ones first: a speaking entry is paid with or after its written one (rule C7).
_PAY_WRITTEN = """
UPDATE registration_entry SET state = 'paid', lock = '', locked_by = NULL
 WHERE id = ANY(%s) AND state = 'unpaid' AND kind = 'written' RETURNING id
"""
_PAY_SPEAKING = """
UPDATE registration_entry e SET state = 'paid', lock = '', locked_by = NULL
  FROM registration_entry w, exams_subject es, exams_subject ws
 WHERE e.id = ANY(%s) AND e.state = 'unpaid' AND e.kind = 'speaking' AND es.code = e.subject_id
   AND w.registration_id = e.registration_id AND w.kind = 'written' AND w.state = 'paid' AND w.level = e.level
   AND ws.code = w.subject_id AND ws.language = es.language
RETURNING e.id
"""
_NOT_EMPTY = "UPDATE registration_registration SET empty_since = NULL WHERE id = %s"


def lock_registration(raw: Raw, registration: uuid.UUID) -> Bound | None:
    """The live registration of this id, locked until the transaction ends; None when it has ended."""
    row = raw.execute(standing.LOCK_THIS, [registration], prepare=True).fetchone()
    return standing.bound_from(row) if row else None


def lock_places(raw: Raw, entries: Sequence[uuid.UUID]) -> None:
    """Lock the offerings at which a seat may have to be taken again for these entries, in order of their ids: money is
    booked in the order of messages and subjects. Their registrations are locked already."""
    raw.execute(_LOCK_PLACES, [list(entries)], prepare=True)


def lock_registrations(raw: Raw, registrations: Collection[uuid.UUID]) -> dict[uuid.UUID, Bound]:
    """The live ones of these registrations by their ids, locked in order of these until the transaction ends."""
    found = raw.execute(standing.LOCK_THESE, [list(registrations)], prepare=True).fetchall()
    return {bound.id: bound for bound in map(standing.bound_from, found)}


def lock_entries(raw: Raw, registration: uuid.UUID, entries: Sequence[uuid.UUID], lock: str, by: uuid.UUID) -> bool:
    """Keep these unpaid entries from changing and ending for `by`; False when one of them couldn't be locked, and the
    transaction is to be rolled back. `lock` is `payment` (rule D5) or `group` (rule D8)."""
    return raw.execute(_LOCK, [lock, by, registration, list(entries)]).rowcount == len(entries)


def unlock_entries(raw: Raw, by: uuid.UUID) -> None:
    """Let go of what `by` locked. What has passed its time meanwhile ends with the next round of the clock."""
    raw.execute(_UNLOCK, [by])


def take_for_group(raw: Raw, group: uuid.UUID, entries: Collection[uuid.UUID], now: datetime) -> set[uuid.UUID]:
    """Keep these entries for a group payment; which of them it were. What is being paid, is held by another group, has
    ended or is over stays as it is (rule D8)."""
    return {row[0] for row in raw.execute(_TAKE, [group, list(entries), now])}


def let_go_for_group(raw: Raw, group: uuid.UUID, ends: Mapping[uuid.UUID, datetime]) -> set[uuid.UUID]:
    """Give these entries back to their candidates, each held until the moment that is given; which of them the group
    still held. Their owners may be warned anew (rules C5, D8)."""
    return {row[0] for row in raw.execute(_LET_GO, [list(ends), list(ends.values()), group])}


def mark_all_paid(raw: Raw, entries: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these entries that were unpaid are paid, whoever holds them; which it were. A speaking entry whose
    written entry isn't paid stays as it is (rule C7)."""
    paid = {row[0] for row in raw.execute(_PAY_WRITTEN, [list(entries)])}
    return paid | {row[0] for row in raw.execute(_PAY_SPEAKING, [list(entries)])}


def mark_paid(raw: Raw, entry: uuid.UUID) -> bool:
    """An unpaid entry is paid, whoever holds it; False when it isn't unpaid any more."""
    return raw.execute(_PAY, [entry]).rowcount == 1


def take_again(raw: Raw, bound: Bound, subject: SubjectFacts, fee: Decimal, now: datetime) -> uuid.UUID | None:
    """A paid entry made anew for money that came after its entry had ended (rule D6); None when no seat is free.

    The caller asked the rules and locked the places. The counter's row stays locked until the transaction ends, longer
    than where a candidate enters; money that comes late is rare.
    """
    if subject.offering is None or raw.execute(counters.TAKE, [subject.offering]).rowcount == 0:
        return None
    entry = uuid.uuid4()
    raw.execute(_RETAKE, [entry, bound.id, fee, now, now, subject.offering])
    raw.execute(_NOT_EMPTY, [bound.id])
    return entry

"""What the clocks end: unpaid entries past their hold, and registrations that stayed empty (rules C5, C12, B9).

A batch claims registrations that nobody else is working on, ends what is due and gives the seats back, offering by
offering, as the last statements before the commit: a selling offering's row is held for one update. Any number of
workers may do this at once.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import Connection

from baokao.core import faults
from baokao.core.audit.record import COPY as AUDIT_COPY
from baokao.core.audit.record import row as audit_row
from baokao.core.outbox.write import COPY as OUTBOX_COPY
from baokao.core.outbox.write import row as outbox_row
from baokao.core.raw import copy_rows, raw_connection
from baokao.exams import counters
from baokao.exams import queries as exams
from baokao.registration.audit import RegistrationAction

BATCH = 500

# What is locked by a payment stays until that has ended, and a written entry as long as its speaking entry is locked
# (rules C5, C7, D5, D8).
_FREE = """
e.state = 'unpaid' AND e.locked_by IS NULL
   AND NOT (e.kind = 'written' AND EXISTS (
         SELECT FROM registration_entry s
           JOIN exams_subject ss ON ss.code = s.subject_id
           JOIN exams_subject ws ON ws.code = e.subject_id
          WHERE s.registration_id = e.registration_id AND s.kind = 'speaking' AND s.level = e.level
            AND ss.language = ws.language AND s.locked_by IS NOT NULL))
"""
# A registration that another worker holds is passed over before the limit counts, so each worker finds work of its own.
CLAIM_ENTRIES = f"""
SELECT r.id, r.sitting_id, p.account
  FROM registration_entry e
  JOIN registration_registration r ON r.id = e.registration_id
  JOIN passport_passport p ON p.id = r.passport_id
 WHERE {_FREE} AND e.held_until <= %s
 ORDER BY e.held_until LIMIT %s
   FOR NO KEY UPDATE OF r SKIP LOCKED
"""  # noqa: S608 (put together from constants of this file)
# Read after the claim, so that what was paid or given up in the meantime is left alone. A written entry takes its
# unpaid speaking entry along, whose own time may not be over yet (rule C7).
EXPIRE = f"""
UPDATE registration_entry e SET state = 'expired', ended_at = %(now)s
 WHERE e.registration_id = ANY(%(ids)s) AND {_FREE}
   AND (e.held_until <= %(now)s
        OR e.kind = 'speaking' AND EXISTS (
          SELECT FROM registration_entry w
            JOIN exams_subject ws ON ws.code = w.subject_id
            JOIN exams_subject es ON es.code = e.subject_id
           WHERE w.registration_id = e.registration_id AND w.kind = 'written' AND w.level = e.level
             AND ws.language = es.language AND w.state = 'unpaid' AND w.locked_by IS NULL
             AND w.held_until <= %(now)s))
RETURNING e.registration_id, e.offering_id, e.subject_id
"""  # noqa: S608 (likewise)
# Asked by itself and not as a condition of the update, for which the planner would read every entry of the country.
_STILL_HOLDING = """
SELECT DISTINCT registration_id FROM registration_entry
 WHERE registration_id = ANY(%s) AND state IN ('unpaid', 'paid')
"""
_EMPTY = "UPDATE registration_registration SET empty_since = %s WHERE id = ANY(%s)"
_CLAIM_EMPTY = """
SELECT r.id, r.sitting_id, p.account
  FROM registration_registration r JOIN passport_passport p ON p.id = r.passport_id
 WHERE r.state = 'live' AND r.empty_since <= %s
 ORDER BY r.id LIMIT %s FOR NO KEY UPDATE OF r SKIP LOCKED
"""
_END = "UPDATE registration_registration SET state = 'expired', ended_at = %s WHERE id = ANY(%s)"


@dataclass(frozen=True)
class _Claimed:
    """A registration that this transaction works on."""

    id: uuid.UUID
    sitting: str
    account: str


def expire_entries(now: datetime, limit: int = BATCH) -> int:
    """End the unpaid entries of up to `limit` registrations whose time is over; how many entries it were."""
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        claimed = _claimed(raw, CLAIM_ENTRIES, [now, limit])
        if not claimed:
            return 0
        ids = list(claimed)
        ended = raw.execute(EXPIRE, {"now": now, "ids": ids}).fetchall()
        subjects: dict[uuid.UUID, list[str]] = {}
        for registration, _, subject in ended:
            subjects.setdefault(registration, []).append(subject)
        holding = {row[0] for row in raw.execute(_STILL_HOLDING, [list(subjects)])}
        raw.execute(_EMPTY, [now, [one for one in subjects if one not in holding]])
        told = [(claimed[registration], codes) for registration, codes in subjects.items()]
        _write(raw, RegistrationAction.ENTRIES_EXPIRED, "registration/expired", told, now)
        faults.point("expiry.before_counters")
        counters.give_back_many(raw, Counter(offering for _, offering, _ in ended))
    return len(ended)


def expire_registrations(now: datetime, limit: int = BATCH) -> int:
    """End up to `limit` registrations that have had no entry for the whole of the empty hold; how many it were."""
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        claimed = _claimed(raw, _CLAIM_EMPTY, [now - settings.EMPTY_HOLD, limit])
        if claimed:
            raw.execute(_END, [now, list(claimed)])
            told: list[tuple[_Claimed, list[str]]] = [(one, []) for one in claimed.values()]
            _write(raw, RegistrationAction.EXPIRED, "registration/empty_ended", told, now)
    return len(claimed)


def _claimed(raw: Connection[tuple[Any, ...]], statement: str, parameters: list[Any]) -> dict[uuid.UUID, _Claimed]:
    return {row[0]: _Claimed(*row) for row in raw.execute(statement, parameters).fetchall()}


def _write(
    raw: Connection[tuple[Any, ...]],
    action: RegistrationAction,
    template: str,
    ended: Sequence[tuple[_Claimed, Iterable[str]]],
    now: datetime,
) -> None:
    """One audit row and one mail a registration."""
    names = exams.subject_names()
    audited, mails = [], []
    for one, codes in ended:
        listed = sorted(codes)
        subject = f"registration:{one.id}"
        detail = {"subjects": listed} if listed else {}
        audited.append(audit_row(action, actor="system", subject=subject, sitting=one.sitting, detail=detail, at=now))
        context = {
            "sitting": exams.sitting_name(one.sitting),
            "subjects": [f"({code}) {names[code]}" for code in listed],
            "ended_at": now,
        }
        mails.append(outbox_row("mail", {"to": one.account, "template": template, "context": context}, now))
    copy_rows(raw, AUDIT_COPY, audited)
    copy_rows(raw, OUTBOX_COPY, mails)

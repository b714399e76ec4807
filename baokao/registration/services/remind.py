"""催缴: a school reminds its own candidates to pay what they entered, by a mail each, at most one a day."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from baokao.core import audit
from baokao.core.outbox.write import COPY as OUTBOX_COPY
from baokao.core.outbox.write import row as outbox_row
from baokao.core.raw import copy_rows, raw_connection
from baokao.exams import queries as exams
from baokao.registration.audit import RegistrationAction

AGAIN_AFTER = timedelta(hours=24)

# Whoever works on a registration in this moment may be paying it: that one is passed over.
_CLAIM = """
UPDATE registration_registration SET reminded_at = %(now)s
 WHERE id = ANY (ARRAY(
   SELECT r.id FROM registration_registration r
    WHERE r.id = ANY(%(ids)s) AND r.state = 'live' AND (r.reminded_at IS NULL OR r.reminded_at <= %(before)s)
      AND EXISTS (SELECT FROM registration_entry e
                   WHERE e.registration_id = r.id AND e.state = 'unpaid' AND e.locked_by IS NULL
                     AND e.held_until > %(now)s)
    ORDER BY r.id FOR NO KEY UPDATE OF r SKIP LOCKED))
RETURNING id
"""
_UNPAID = """
SELECT r.id, r.sitting_id, p.account, sc.name, e.subject_id, e.held_until
  FROM registration_registration r
  JOIN passport_passport p ON p.id = r.passport_id
  JOIN registration_entry e ON e.registration_id = r.id AND e.state = 'unpaid' AND e.locked_by IS NULL
   AND e.held_until > %s
  JOIN exams_campus c ON c.code = r.campus_id JOIN exams_school sc ON sc.code = c.school_id
  JOIN exams_subject s ON s.code = e.subject_id
 WHERE r.id = ANY(%s) ORDER BY r.id, s.position
"""


@dataclass(frozen=True)
class Reminded:
    """How many candidates were mailed, and how many were not: reminded within a day, or with nothing of their own to
    pay."""

    mailed: int
    passed_over: int


def remind(registrations: Collection[uuid.UUID], school: str, actor: str, now: datetime) -> Reminded:
    """Mail the owners of these registrations of the school what is unpaid and until when it can be paid."""
    wanted = set(registrations)
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        claim = {"now": now, "before": now - AGAIN_AFTER, "ids": list(wanted)}
        claimed = [row[0] for row in raw.execute(_CLAIM, claim)]
        names = exams.subject_names()
        mails: dict[uuid.UUID, dict[str, object]] = {}
        unpaid: dict[uuid.UUID, list[dict[str, object]]] = {}
        for registration, sitting, account, name, code, held_until in raw.execute(_UNPAID, [now, claimed]).fetchall():
            lines = unpaid.setdefault(registration, [])
            lines.append({"label": f"({code}) {names[code]}", "held_until": held_until})
            context = {"sitting": exams.sitting_name(sitting), "unpaid": lines, "school": name}
            mails[registration] = {"to": account, "template": "registration/reminded", "context": context}
        copy_rows(raw, OUTBOX_COPY, [outbox_row("mail", mail, now) for mail in mails.values()])
        audit.record(
            RegistrationAction.REMINDED,
            actor=actor,
            subject=f"school:{school}",
            detail={"chosen": len(wanted), "mailed": len(mails)},
            at=now,
        )
    return Reminded(len(mails), len(wanted) - len(mails))

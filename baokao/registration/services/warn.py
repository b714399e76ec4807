"""Warning two hours before a clock runs out, once each (rules B9, C5)."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import Connection

from baokao.core.outbox.write import COPY as OUTBOX_COPY
from baokao.core.outbox.write import row as outbox_row
from baokao.core.raw import copy_rows, raw_connection
from baokao.exams import queries as exams

BEFORE = timedelta(hours=2)
BATCH = 200

_CLAIM = """
UPDATE registration_entry SET warned_at = %s
 WHERE id = ANY (ARRAY(SELECT id FROM registration_entry
               WHERE state = 'unpaid' AND locked_by IS NULL AND warned_at IS NULL
                 AND held_until > %s AND held_until <= %s
               ORDER BY held_until LIMIT %s FOR NO KEY UPDATE SKIP LOCKED))
RETURNING registration_id, subject_id, held_until
"""
# The unpaid speaking entries that go along with the written ones that were just warned of (rule C7).
_ALONG = """
UPDATE registration_entry e SET warned_at = %s
  FROM registration_entry w
  JOIN exams_subject ws ON ws.code = w.subject_id, exams_subject es
 WHERE w.registration_id = ANY(%s) AND w.registration_id = e.registration_id AND w.kind = 'written'
   AND w.state = 'unpaid' AND w.held_until <= %s AND w.level = e.level AND e.kind = 'speaking' AND e.state = 'unpaid'
   AND e.warned_at IS NULL AND es.code = e.subject_id AND ws.language = es.language
RETURNING e.registration_id, e.subject_id, least(e.held_until, w.held_until)
"""
_CLAIM_EMPTY = """
UPDATE registration_registration SET warned_at = %s
 WHERE id = ANY (ARRAY(SELECT id FROM registration_registration
               WHERE state = 'live' AND empty_since > %s AND empty_since <= %s
                 AND (warned_at IS NULL OR warned_at < empty_since)
               ORDER BY empty_since LIMIT %s FOR NO KEY UPDATE SKIP LOCKED))
RETURNING id, empty_since
"""
_ACCOUNTS = """
SELECT r.id, p.account, r.sitting_id FROM registration_registration r JOIN passport_passport p ON p.id = r.passport_id
 WHERE r.id = ANY(%s)
"""


def warn_of_entries(now: datetime, limit: int = BATCH) -> int:
    """Mail the owners of up to `limit` unpaid entries that end within two hours; how many entries it were, with the
    speaking entries that go along with a written one."""
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        rows = raw.execute(_CLAIM, [now, now, now + BEFORE, limit]).fetchall()
        rows += raw.execute(_ALONG, [now, list({row[0] for row in rows}), now + BEFORE]).fetchall()
        names = exams.subject_names()
        ending: dict[uuid.UUID, list[dict[str, Any]]] = {}
        for registration, code, held_until in sorted(rows, key=lambda row: (row[2], row[1])):
            ending.setdefault(registration, []).append({"label": f"({code}) {names[code]}", "held_until": held_until})
        _mail(raw, "registration/expiring", {one: {"ending": found} for one, found in ending.items()}, now)
    return len(rows)


def warn_of_empty(now: datetime, limit: int = BATCH) -> int:
    """Mail the owners of up to `limit` registrations that end within two hours for being empty; how many it were."""
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        since = now - settings.EMPTY_HOLD
        rows = raw.execute(_CLAIM_EMPTY, [now, since, since + BEFORE, limit]).fetchall()
        _mail(raw, "registration/empty_ending", {one: {"ends_at": at + settings.EMPTY_HOLD} for one, at in rows}, now)
    return len(rows)


def _mail(
    raw: Connection[tuple[Any, ...]], template: str, contexts: dict[uuid.UUID, dict[str, Any]], now: datetime
) -> None:
    """One mail a registration."""
    if not contexts:
        return
    mails = []
    for one, account, sitting in raw.execute(_ACCOUNTS, [list(contexts)]).fetchall():
        context = contexts[one] | {"sitting": exams.sitting_name(sitting)}
        mails.append(outbox_row("mail", {"to": account, "template": template, "context": context}, now))
    copy_rows(raw, OUTBOX_COPY, mails)

"""The worker's side of the outbox: claim, carry out, mark. At least once; a crash in between repeats, never loses."""

import uuid
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import structlog
from django.db import connection

from baokao.core import clock
from baokao.core.crypto.sealed import unseal
from baokao.core.outbox import mail, packing
from baokao.core.outbox.handlers import handler
from baokao.core.outbox.write import CONTEXT

log = structlog.get_logger("baokao.outbox")

# How long a claim holds: longer than a batch can take with every mail timing out, and then the row is due again.
CLAIM = timedelta(minutes=10)
BATCH = 20
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
# Some two days of trying.
MOST_TRIES = 55

_CLAIM = """
UPDATE core_outbox SET claimed_at = %(now)s, due_at = %(again)s, tries = tries + 1
 WHERE id IN (
   SELECT id FROM core_outbox
    WHERE sent_at IS NULL AND given_up_at IS NULL AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id, kind, payload, tries
"""


def deliver_batch(limit: int = BATCH) -> int:
    """Claim the rows that are due, at most `limit`, and carry them out; how many were claimed.

    Workers running at once never claim the same row. No transaction is open while an effect is carried out.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "again": now + CLAIM, "limit": limit})
        claimed = cursor.fetchall()
    try:
        for row_id, kind, payload, tries in claimed:
            _carry_out(row_id, kind, bytes(payload), tries)
    finally:
        mail.hang_up()
    return len(claimed)


def wait_after(tries: int) -> timedelta:
    """How long to wait after that many failed tries: doubling from 15 s up to an hour."""
    return min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)


def _carry_out(row_id: uuid.UUID, kind: str, payload: bytes, tries: int) -> None:
    try:
        handler(kind)(packing.unpack(unseal(payload, CONTEXT, row_id.bytes)), row_id)
    except Exception as failed:
        _failed(row_id, kind, tries, failed)
    else:
        with connection.cursor() as cursor:
            # The payload holds addresses and nobody needs it any more.
            cursor.execute(
                "UPDATE core_outbox SET sent_at = %s, payload = NULL, last_error = '' WHERE id = %s",
                [clock.now(), row_id],
            )
        log.info("outbox.sent", kind=kind, row=row_id.hex, tries=tries)


def _failed(row_id: uuid.UUID, kind: str, tries: int, error: Exception) -> None:
    """Due again later, or given up. Only the error's class is kept: its message may quote an address."""
    name = type(error).__name__
    now = clock.now()
    with connection.cursor() as cursor:
        if tries >= MOST_TRIES or _is_final(error):
            cursor.execute(
                "UPDATE core_outbox SET given_up_at = %s, payload = NULL, last_error = %s WHERE id = %s",
                [now, name, row_id],
            )
            log.error("outbox.given_up", kind=kind, row=row_id.hex, tries=tries, error=name)
        else:
            cursor.execute(
                "UPDATE core_outbox SET due_at = %s, last_error = %s WHERE id = %s",
                [now + wait_after(tries), name, row_id],
            )
            log.warning("outbox.failed", kind=kind, row=row_id.hex, tries=tries, error=name)


def _is_final(error: Exception) -> bool:
    """The mail server says for good that there is no such address."""
    return isinstance(error, SMTPRecipientsRefused) and all(500 <= code < 600 for code, _ in error.recipients.values())

"""The worker's side of the outbox: claim, carry out, mark. At least once; a crash in between repeats, never loses."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto

import structlog
from django.db import connection

from baokao.core import clock
from baokao.core.crypto.sealed import unseal
from baokao.core.outbox import mail, packing, rate
from baokao.core.outbox.failures import ServerAway, is_final
from baokao.core.outbox.handlers import handler
from baokao.core.outbox.urgency import Urgency
from baokao.core.outbox.write import CONTEXT

log = structlog.get_logger("baokao.outbox")

# How long a claim holds: longer than a batch can take with every mail timing out, and then the row is due again.
CLAIM = timedelta(minutes=10)
BATCH = 20
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
# Some two days of trying.
MOST_TRIES = 55


class Lane(StrEnum):
    """Which rows a thread of the worker cares for; the value is the rows' condition.

    A mail that timed out once is out of the way of those that have not been tried yet, and both are out of the way of
    a mail that somebody waits for.
    """

    ANY = "true"
    AWAITED = "tries = 0 AND urgency = 0"
    FIRST = "tries = 0 AND urgency > 0"
    AGAIN = "tries > 0"


@dataclass(frozen=True)
class Claimed:
    """A row that this worker works on."""

    id: uuid.UUID
    kind: str
    payload: bytes
    tries: int
    urgency: int


class Outcome(Enum):
    """What became of a claimed row."""

    DONE = auto()
    """Carried out, or failed and due again later, or given up."""
    STOOD_BACK = auto()
    """Its recipient's domain has had enough mails for the moment; others may still leave."""
    HALT = auto()
    """The rate is used up or the mail server is away: none of the rest would fare better."""


_CLAIM = """
UPDATE core_outbox SET claimed_at = %(now)s, due_at = %(again)s, tries = tries + 1
 WHERE id = ANY (ARRAY(
   SELECT id FROM core_outbox
    WHERE sent_at IS NULL AND given_up_at IS NULL AND due_at <= %(now)s AND {lane}
    ORDER BY urgency, due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING id, kind, payload, tries, urgency
"""


def deliver_batch(limit: int = BATCH, lane: Lane = Lane.ANY) -> int:
    """Claim the rows of a lane that are due, at most `limit`, and carry them out; how many were, or failed.

    Workers running at once never claim the same row. No transaction is open while an effect is carried out. When the
    rate is used up, or the mail server is away, the rest of the batch is let go without a try being counted.
    """
    claimed = _claim(limit, lane)
    done = 0
    try:
        for position, row in enumerate(claimed, start=1):
            outcome = _carry_out(row)
            done += outcome is Outcome.DONE
            if outcome is Outcome.HALT:
                _let_go(claimed[position:], clock.now() + rate.WAIT)
                break
    finally:
        mail.hang_up()
    return done


def wait_after(tries: int) -> timedelta:
    """How long to wait after that many failed tries: doubling from 15 s up to an hour."""
    return min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)


def _claim(limit: int, lane: Lane) -> list[Claimed]:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(lane=lane.value), {"now": now, "again": now + CLAIM, "limit": limit})
        found = [Claimed(*values) for values in cursor.fetchall()]
    return sorted(found, key=lambda row: row.urgency)


def _carry_out(row: Claimed) -> Outcome:
    if row.tries > MOST_TRIES:
        # Whoever claimed it last died of it, and would again.
        _give_up(row, "Poison")
        return Outcome.DONE
    try:
        payload = packing.unpack(unseal(bytes(row.payload), CONTEXT, row.id.bytes))
        wait = rate.wait_of(payload["to"], Urgency(row.urgency), clock.now()) if row.kind == "mail" else None
        if wait is not None:
            _let_go([row], clock.now() + wait)
            return Outcome.HALT if wait == rate.WAIT else Outcome.STOOD_BACK
        handler(row.kind)(payload, row.id)
    except ServerAway as away:
        _failed(row, away)
        return Outcome.HALT
    except Exception as failed:
        _failed(row, failed)
    else:
        _sent(row)
    return Outcome.DONE


def _sent(row: Claimed) -> None:
    with connection.cursor() as cursor:
        # The payload holds addresses and nobody needs it any more.
        cursor.execute(
            "UPDATE core_outbox SET sent_at = %s, payload = NULL, last_error = '' WHERE id = %s", [clock.now(), row.id]
        )
    log.info("outbox.sent", kind=row.kind, row=row.id.hex, tries=row.tries)


def _failed(row: Claimed, error: Exception) -> None:
    """Due again later, or given up. Only the error's class is kept: its message may quote an address."""
    name = type(error).__name__
    if row.tries >= MOST_TRIES or is_final(error):
        _give_up(row, name)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_outbox SET due_at = %s, last_error = %s WHERE id = %s",
            [clock.now() + wait_after(row.tries), name, row.id],
        )
    log.warning("outbox.failed", kind=row.kind, row=row.id.hex, tries=row.tries, error=name)


def _give_up(row: Claimed, why: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_outbox SET given_up_at = %s, payload = NULL, last_error = %s WHERE id = %s",
            [clock.now(), why, row.id],
        )
    log.error("outbox.given_up", kind=row.kind, row=row.id.hex, tries=row.tries, error=why)


def _let_go(rows: Sequence[Claimed], due_at: datetime) -> None:
    """Give up the claim on these, as if they had not been claimed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_outbox SET due_at = %s, claimed_at = NULL, tries = tries - 1 WHERE id = ANY(%s)",
            [due_at, [row.id for row in rows]],
        )

"""What the worker does over and over for this app (settings.WORKER_LOOPS)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from django.db import connection

from baokao.core import clock
from baokao.core.loops import Loop
from baokao.payments import services

# Several at once: a provider that is slow to answer about one attempt holds nobody else up.
_AT_ONCE = 4
_LATE = "SELECT extract(epoch FROM %s - min(ask_at)) FROM payments_attempt WHERE ask_at IS NOT NULL"
_OWED = "SELECT extract(epoch FROM %s - min(send_at)) FROM payments_refund WHERE send_at IS NOT NULL"


def ask() -> bool:
    """A batch of attempts that are to be asked about; again at once while it was full."""
    claimed = services.ask_due(clock.now())
    _each(claimed, services.ask)
    return len(claimed) >= services.ASKED_AT_ONCE


def refund() -> bool:
    """A batch of refunds; likewise."""
    claimed = services.claim_refunds(clock.now())
    _each(claimed, services.send_refund)
    return len(claimed) >= services.SENT_AT_ONCE


def _each(claimed: list[UUID], work: Callable[..., Any]) -> None:
    if not claimed:
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(claimed))) as pool:
        for done in [pool.submit(_one, work, one) for one in claimed]:
            done.result()


def _one(work: Callable[..., Any], claimed: UUID) -> None:
    try:
        work(claimed, clock.now())
    finally:
        connection.close()


def _behind(statement: str) -> Callable[[], float]:
    def seconds() -> float:
        with connection.cursor() as cursor:
            cursor.execute(statement, [clock.now()])
            (late,) = cursor.fetchone()
        return max(0.0, float(late or 0))

    return seconds


LOOPS = (
    Loop("payments", 1.0, ask, _behind(_LATE)),
    Loop("refunds", 3.0, refund, _behind(_OWED)),
)

"""What the worker does over and over for this app (settings.WORKER_LOOPS)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from django.db import connection

from baokao.core import clock
from baokao.core.loops import Loop
from baokao.payments import services
from baokao.payments.services.groups.release import DUE_AT_ONCE

# Several at once: a provider that is slow to answer about one attempt holds nobody else up.
_AT_ONCE = 4
_LATE = "SELECT extract(epoch FROM %s - min(ask_at)) FROM payments_attempt WHERE ask_at IS NOT NULL"
# A bill that should be here by now, and a difference that nobody has settled.
_UNFETCHED = """
SELECT extract(epoch FROM %s - (min(day) + 1 + time '09:00') AT TIME ZONE 'Asia/Shanghai')
  FROM payments_bill WHERE state = 'due'
"""
_UNSETTLED = "SELECT extract(epoch FROM %s - min(listed_at)) FROM payments_difference WHERE state = 'listed'"
# A lock whose pay-until has come, but for what is being paid in this moment (rule D8).
_LOCKED = """
SELECT extract(epoch FROM %s - min(k.ends_at))
  FROM payments_pick k JOIN payments_grouppayment g ON g.id = k.group_id
 WHERE k.ends_at IS NOT NULL AND g.state <> 'paying'
"""
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


def end_locks() -> bool:
    """The group payments whose locks are over; again at once while there were many."""
    return services.release_due(clock.now()) >= DUE_AT_ONCE


def fetch_bills() -> bool:
    """One bill that is due; again at once while there was one."""
    now = clock.now()
    services.expect_bills(now)
    claimed = services.claim_bill(now)
    if claimed is None:
        return False
    services.fetch_bill(claimed, now)
    return True


def compare_again() -> bool:
    """What differs still, looked at once more."""
    services.compare_again(clock.now())
    return False


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
    Loop("group locks", 5.0, end_locks, _behind(_LOCKED)),
    # A round compares a whole bill, and providers are late with theirs now and then.
    Loop("bills", 30.0, fetch_bills, _behind(_UNFETCHED), silent=3600, late=6 * 3600),
    # What is left for days waits for a person.
    Loop("differences", 30.0, compare_again, _behind(_UNSETTLED), silent=120, late=86400),
)

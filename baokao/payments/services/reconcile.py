"""Comparing bills with our books (rule D7): one transaction from the staged lines to the listed differences."""

from datetime import datetime, timedelta
from typing import IO, Any

import structlog
from django.db import connection, transaction

from baokao.core import audit
from baokao.payments import providers
from baokao.payments.audit import PaymentAction
from baokao.payments.bills import comparing, matching, staging
from baokao.payments.models import Bill, Difference

log = structlog.get_logger("baokao.payments")

PROVIDER = "provider"
# What was booked in the last minute may be in a transaction that isn't seen yet; it is looked for the next time.
_UNSEEN = timedelta(minutes=1)
_FORGET = "DELETE FROM payments_bill_line WHERE bill_id = %s"
# Money that came and is unknown here is asked about at once. Whoever settles the attempt meanwhile isn't waited for.
_ASK = """
UPDATE payments_attempt SET ask_at = %(now)s
 WHERE id = ANY (ARRAY(SELECT a.id FROM payments_attempt a
               JOIN payments_difference d ON d.number = a.number AND d.kind = 'payment_unknown'
               JOIN payments_bill b ON b.id = d.bill_id AND b.provider = a.provider
              WHERE d.state = 'listed' AND d.listed_at = %(now)s AND a.state <> 'paid'
                FOR UPDATE OF a SKIP LOCKED))
"""
# Money that went back and isn't booked is sent again under its number, which the provider carries out once; where it
# carries it out twice it is looked for. Back to `due`, since of two of one payment that were `sending` each would wait
# for the other.
_SEND = """
UPDATE payments_refund SET state = CASE WHEN asked_at IS NULL THEN 'due' ELSE state END, send_at = %(now)s
 WHERE id = ANY (ARRAY(SELECT r.id FROM payments_refund r
               JOIN payments_difference d ON d.refund = r.number AND d.kind = 'refund_unknown'
               JOIN payments_settlement s ON s.id = r.settlement_id
              WHERE d.state = 'listed' AND d.listed_at = %(now)s AND r.state <> 'done'
                AND (s.provider = ANY(%(repeating)s) OR r.asked_at IS NOT NULL)
                FOR UPDATE OF r SKIP LOCKED))
"""


def reconcile(bill: Bill, file: IO[bytes], state: Bill.State, source: str, actor: str, now: datetime) -> Bill.State:
    """Keep the lines of a written bill instead of those it had before, match them with our books, and list what
    differs in it and in the days around it."""
    with transaction.atomic(), connection.cursor() as cursor:
        _prepare(cursor, bill.provider, wait=True)
        totals = staging.stage(cursor, file)
        cursor.execute(_FORGET, [bill.id])
        if totals["lines"]:
            matching.match(cursor, matching.STAGED, bill.provider, by_amount=_by_amount(bill.provider))
            staging.keep(cursor)
        Bill.objects.filter(id=bill.id).update(
            state=state, source=source, fetched_at=now, fetch_at=None, trouble="", compared_to=now - _UNSEEN, **totals
        )
        days = timedelta(days=comparing.AROUND_DAYS)
        around = comparing.around(cursor, bill.provider, bill.day - days, bill.day + days)
        comparing.compare(cursor, around | comparing.explainable(cursor, bill.provider), now - _UNSEEN, now)
        audit.record(
            PaymentAction.BILL_COMPARED,
            actor=actor,
            subject=f"bill:{bill.id}",
            detail={"provider": bill.provider, "day": bill.day, "source": source, "state": state} | totals,
            at=now,
        )
    _follow(now)
    listed = Difference.objects.filter(bill__provider=bill.provider, state=Difference.State.LISTED).count()
    tell = log.error if listed else log.info
    tell("bill.compared", provider=bill.provider, day=bill.day.isoformat(), lines=totals["lines"], listed=listed)
    return state


def compare_again(now: datetime) -> bool:
    """Look once more at what differs still: money found by a bill may be known here by now. Whether anything was."""
    found = False
    for provider in set(Difference.objects.filter(holds=True).values_list("bill__provider", flat=True)):
        with transaction.atomic(), connection.cursor() as cursor:
            if not _prepare(cursor, provider, wait=False):
                continue
            matched = matching.match(cursor, matching.KEPT, provider, by_amount=_by_amount(provider))
            bills = matched | comparing.explainable(cursor, provider)
            if bills:
                comparing.compare(cursor, bills, now - _UNSEEN, now)
                found = True
    if found:
        _follow(now)
    return found


def _prepare(cursor: Any, provider: str, *, wait: bool) -> bool:
    """One comparison of a provider at a time, without the time limits that are right for pages; False when another is
    at it and this one needn't wait."""
    key = f"bills:{provider}"
    if wait:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = '30min'")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [key])
    else:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [key])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SET LOCAL statement_timeout = 0")
    # Sorts and joins of a million lines; a few tens of megabytes in the database for the minute that they take.
    cursor.execute("SET LOCAL work_mem = '32MB'")
    return True


def _by_amount(provider: str) -> bool:
    """Whether the provider's bill bears its own numbers of refunds instead of ours."""
    gateway = providers.configured().get(provider)
    return gateway is not None and not gateway.repeats_refunds


def _follow(now: datetime) -> None:
    """Have what was found there and is unknown here asked about, each once."""
    repeating = [name for name, gateway in providers.configured().items() if gateway.repeats_refunds]
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"now": now})
        cursor.execute(_SEND, {"now": now, "repeating": repeating})

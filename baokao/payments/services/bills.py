"""Fetching each provider's bill of each day: in the morning, again while it can't be had, and days that were missed
(rule D7)."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import connection
from django.db.models import Max

from baokao.core.clock import local
from baokao.payments import providers, rules
from baokao.payments.bills import staging
from baokao.payments.bills.queries import has_money_of
from baokao.payments.gateways.contract import NoBill, Unknown
from baokao.payments.models import Attempt, Bill, Refund, Settlement
from baokao.payments.services.reconcile import PROVIDER, reconcile

log = structlog.get_logger("baokao.payments")

# How long a claim holds: longer than a bill's download may take.
_CLAIMED = timedelta(minutes=20)
_EXPECT = """
INSERT INTO payments_bill (id, provider, day, state, fetch_at, trouble, source, lines, payments, paid, refunds,
                           refunded, fees)
SELECT gen_random_uuid(), %(provider)s, day::date, 'due',
       (day::date + 1 + time '09:00') AT TIME ZONE 'Asia/Shanghai', '', '', 0, 0, 0, 0, 0, 0
  FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day
ON CONFLICT (provider, day) DO NOTHING
"""
_CLAIM = """
UPDATE payments_bill SET fetch_at = %s, tries = tries + 1
 WHERE id = ANY (ARRAY(SELECT id FROM payments_bill WHERE fetch_at <= %s ORDER BY day LIMIT 1 FOR UPDATE SKIP LOCKED))
RETURNING id
"""


def expect_bills(now: datetime) -> None:
    """A bill is due of every day that is over, from each provider's first attempt on, whenever this was last called. Of
    a provider that isn't configured any more, up to the last day on which money of its was booked."""
    yesterday = local(now).date() - timedelta(days=1)
    for provider in providers.NAMES:
        first = _first_day(provider)
        # Counted, since a later day may have been brought by hand before those that were missed.
        if (
            first is None
            or Bill.objects.filter(provider=provider, day__range=(first, yesterday)).count() > (yesterday - first).days
        ):
            continue
        until = yesterday if provider in providers.configured() else _last_day_of_money(provider, yesterday)
        with connection.cursor() as cursor:
            cursor.execute(_EXPECT, {"provider": provider, "first": first, "last": until})


def claim_bill(now: datetime) -> uuid.UUID | None:
    """Claim the earliest bill that is to be fetched; `fetch_bill` it then. No two workers claim one."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now + _CLAIMED, now])
        row = cursor.fetchone()
    return row[0] if row else None


def bill_of(provider: str, day: date) -> Bill:
    """The row of this provider's day, made if need be, and due: who was about to fetch it may be stopped."""
    return Bill.objects.get_or_create(provider=provider, day=day, defaults={"fetch_at": rules.bill_ready_at(day)})[0]


def fetch_bill(bill_id: uuid.UUID, now: datetime) -> Bill.State:
    """Fetch a bill and compare it; how it stands then.

    A bill that can't be had, or isn't whole, changes nothing and is asked for again. That there is none is believed
    after some hours, sooner when our books have no money of that day either.
    """
    bill = Bill.objects.get(id=bill_id)
    try:
        lines = providers.gateway(bill.provider).bill(bill.day)
        with staging.written(lines, bill.id) as file:
            return reconcile(bill, file, Bill.State.COMPARED, PROVIDER, "system", now)
    except NoBill:
        return _no_bill(bill, now)
    except Unknown as unknown:
        return _again(bill, str(unknown), now)


def _no_bill(bill: Bill, now: datetime) -> Bill.State:
    if bill.state == Bill.State.COMPARED:
        # We have it already, from a file or from before.
        return _again(bill, "the provider has no bill of a day that was compared", None)
    if now < rules.no_bill_at(bill.day, money=has_money_of(bill.provider, bill.day)):
        return _again(bill, "the provider has no bill yet", now)
    with staging.written((), bill.id) as file:
        state = reconcile(bill, file, Bill.State.ABSENT, PROVIDER, "system", now)
    if Bill.objects.filter(id=bill.id, differences__holds=True).exists():
        # Money came and there is no bill: it is asked for once a day, for a week.
        Bill.objects.filter(id=bill.id).update(fetch_at=rules.absent_again(bill.day, now))
    return state


def _again(bill: Bill, trouble: str, now: datetime | None) -> Bill.State:
    values: dict[str, Any] = {"trouble": trouble[:200], "fetch_at": now and rules.fetch_again(bill.tries, now)}
    Bill.objects.filter(id=bill.id).update(**values)
    late = now is not None and now >= rules.bill_is_late_at(bill.day)
    (log.error if late else log.warning)(
        "bill.not_had", provider=bill.provider, day=bill.day.isoformat(), why=trouble[:200]
    )
    return Bill.State(bill.state)


def _last_day_of_money(provider: str, yesterday: date) -> date | None:
    """None when there was none; no day lies between a first one and that."""
    came = Settlement.objects.filter(provider=provider).aggregate(Max("settled_at"))["settled_at__max"]
    went = Refund.objects.filter(settlement__provider=provider).aggregate(Max("done_at"))["done_at__max"]
    moments = [moment for moment in (came, went) if moment is not None]
    return min(local(max(moments)).date(), yesterday) if moments else None


def _first_day(provider: str) -> date | None:
    began = (
        Attempt.objects.filter(provider=provider).order_by("started_at").values_list("started_at", flat=True).first()
    )
    return local(began).date() if began else None

"""A day of money and its bill, for the tests of reconciliation."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from baokao.core.clock import SHANGHAI, local
from baokao.payments import services
from baokao.payments.gateways.contract import BillLine, LineKind
from baokao.payments.models import Attempt, Difference, Refund
from tests.cast import NOW, a_candidate
from tests.payments.doing import enter, hear, start

# A whole day within the stage's window, so that no test depends on the hour at which it runs.
DAY = local(NOW).date() + timedelta(days=1)
NEXT = DAY + timedelta(days=1)
NOON = datetime.combine(DAY, time(12), SHANGHAI)
MIDNIGHT = datetime.combine(NEXT, time(), SHANGHAI)
MORNING = datetime.combine(NEXT, time(9, 30), SHANGHAI)
MORNING_AFTER = MORNING + timedelta(days=1)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def begin(stage, code="1", at=NOON):
    """Somebody sets out to pay one entry."""
    passport = a_candidate(stage, subjects="14")
    enter(passport, code, now=at - 2 * SECOND)
    return start(passport, code, now=at - SECOND)


def over(attempt):
    """It ends without money, and nobody would ask about it any more."""
    assert services.ask(attempt.id, attempt.expires_at) == "ended"
    Attempt.objects.filter(id=attempt.id).update(ask_at=None)


def paid(stage, bank, code="1", at=NOON):
    """Somebody pays one entry, and we hear of it at once."""
    attempt = begin(stage, code, at)
    assert hear(bank.pay(attempt.number, attempt.amount), at)
    return attempt


def line(attempt, at=NOON, **changes):
    """The bill's line of a payment."""
    told = BillLine(
        LineKind.PAYMENT, attempt.number, f"T{attempt.number}", "", attempt.amount, Decimal("0.00"), at, "交易"
    )
    return replace(told, **changes)


def line_back(back, at=NOON, **changes):
    """The bill's line of a refund."""
    attempt = Attempt.objects.get(settlement=back.settlement)
    told = line(attempt, at, kind=LineKind.REFUND, refund=back.number, amount=back.amount, label="退款")
    return replace(told, **changes)


def paid_twice(stage, bank, at=NOON, *, heard=True):
    """Somebody pays an entry, and an earlier attempt at it as well: both attempts, and the second's refund, of which we
    may not have heard that it was done."""
    late = begin(stage, at=at - 60 * SECOND)
    services.end_for_another([late], at)
    kept = start(late.order.passport, "1", now=at)
    for attempt in (kept, late):
        assert hear(bank.pay(attempt.number, attempt.amount), at)
    [claimed] = services.claim_refunds(at)
    bank.lose = not heard
    services.send_refund(claimed, at)
    bank.lose = False
    return kept, late, Refund.objects.get(id=claimed)


def compare(bank, *lines, day=DAY, now=MORNING, provider="alipay"):
    """The day's bill comes with these lines; how it stands then."""
    bank.bills[day] = list(lines)
    return services.fetch_bill(services.bill_of(provider, day).id, now)


def listed():
    """Kind, amount here and there of everything that waits for a person, in order."""
    found = Difference.objects.filter(state="listed").order_by("bill__day", "kind", "subject")
    return list(found.values_list("kind", "ours", "theirs"))

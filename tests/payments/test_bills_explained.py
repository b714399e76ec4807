"""What a later bill, or an answer, explains of what one day's bill and our books differ in (rule D7, b11)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from baokao.core.invariants import runner
from baokao.payments import services
from baokao.payments.bills import comparing
from baokao.payments.models import Attempt, Difference, Refund
from baokao.registration import services as registration
from tests.cast import a_candidate, set_stage
from tests.payments.billing import (
    DAY,
    HOUR,
    MIDNIGHT,
    MORNING,
    MORNING_AFTER,
    NEXT,
    NOON,
    SECOND,
    begin,
    compare,
    line,
    line_back,
    listed,
    over,
    paid,
    paid_twice,
)
from tests.payments.doing import attempt_state, enter, hear, start, work

pytestmark = pytest.mark.django_db

FEE = Decimal("0.01")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage(bank):
    return set_stage()


@pytest.fixture(autouse=True)
def sound(bank):
    """After each test: the sums of ledger and bills are one, but for what is listed."""
    yield
    assert not [str(found) for found in runner.run(patience=0) if found.name in {"I6", "I7", "I9"}]


# The border of the day


def test_b11_money_of_the_last_second_that_is_billed_the_next_day_explains_itself(stage, bank):
    last = paid(stage, bank, at=MIDNIGHT - SECOND)
    compare(bank)
    assert listed() == [("day_border", FEE, None)]
    compare(bank, line(last, at=MIDNIGHT), day=NEXT, now=MORNING_AFTER)
    found = Difference.objects.get()
    assert (found.state, found.settled_by, found.reason) == ("settled", "system", f"已列入{NEXT}的账单。")


def test_b11_money_of_the_last_second_that_no_bill_has_is_missing(stage, bank):
    paid(stage, bank, at=MIDNIGHT - SECOND)
    compare(bank)
    compare(bank, day=NEXT, now=MORNING_AFTER)
    assert listed() == [("payment_missing", FEE, None)]
    assert Difference.objects.get(kind="day_border").reason == "邻日账单中也没有，改列为平台无此笔。"


def test_b11_money_that_was_billed_the_day_before(stage, bank):
    """We heard of it a second after midnight; the bill before had it, and came first or came last."""
    first = paid(stage, bank, at=MIDNIGHT)
    services.bill_of("alipay", DAY)
    compare(bank, day=NEXT, now=MORNING_AFTER)
    assert listed() == [("day_border", FEE, None)]
    compare(bank, line(first, at=MIDNIGHT - SECOND), now=MORNING_AFTER)
    assert listed() == []
    assert Difference.objects.get().settled_by == "system"


def test_b11_money_that_we_heard_of_days_later(stage, bank):
    late = begin(stage)
    bank.pay(late.number, late.amount)
    compare(bank, line(late))
    services.ask(late.id, NOON + timedelta(days=3))
    assert services.compare_again(NOON + timedelta(days=3, minutes=1))
    assert listed() == []
    assert Difference.objects.get().reason == "本系统已入账。"


# What follows by itself


def test_d7_a_missed_payment_is_found_by_the_bill(stage, bank):
    """No notification came, the attempt ended, and nobody would ask any more: the bill makes us ask."""
    missed = begin(stage)
    over(missed)
    bank.pay(missed.number, missed.amount)
    compare(bank, line(missed))
    assert listed() == [("payment_unknown", None, FEE)]
    work(MORNING)
    assert attempt_state(missed) == "paid"
    services.compare_again(MORNING + timedelta(minutes=1))
    assert listed() == []


def test_d7_a_line_alone_pays_nothing(stage, bank):
    """The provider, asked, knows nothing of it: it stays listed, and is asked about once."""
    unpaid = begin(stage)
    over(unpaid)
    compare(bank, line(unpaid))
    assert Attempt.objects.get().ask_at == MORNING
    work(MORNING)
    assert attempt_state(unpaid) == "ended"
    Attempt.objects.update(ask_at=None)
    compare(bank, line(unpaid), now=MORNING + 30 * HOUR)
    assert Attempt.objects.get().ask_at is None
    assert listed() == [("payment_unknown", None, FEE)]


@pytest.mark.parametrize("state", ["sending", "stuck"])
def test_d7_a_refund_that_happened_and_was_not_heard_of_is_booked(stage, bank, state):
    one, other, refund = paid_twice(stage, bank, heard=False)
    Refund.objects.update(state=state, send_at=None)
    compare(bank, line(one), line(other), line_back(refund))
    assert listed() == [("refund_unknown", None, FEE)]
    work(MORNING)
    assert Refund.objects.get().state == "done"
    services.compare_again(MORNING + HOUR)
    assert listed() == []


def test_d7_two_refunds_of_one_payment_that_were_not_heard_of_are_both_booked(stage, bank):
    """What a bill tells of both must not make each of them wait for the other."""
    attempt, [one, other] = two_owed(stage, bank)
    bank.lose = True
    for minutes in (0, 1):
        work(NOON + minutes * MINUTE)
    bank.lose = False
    Refund.objects.update(state="stuck", send_at=None)
    compare(bank, line(attempt), line_back(one), line_back(other))
    work(MORNING)
    assert [refund.state for refund in Refund.objects.all()] == ["done", "done"]


def two_owed(stage, bank):
    """A payment of two subjects whose seats are gone when it comes: two refunds of one settlement."""
    passport = a_candidate(stage, subjects="14")
    enter(passport, "14", now=NOON - 26 * HOUR)
    attempt = start(passport, "14", now=NOON - 26 * HOUR)
    services.end_for_another([attempt], NOON - 26 * HOUR)
    registration.expire_entries(NOON)
    stage.set_seats("1", 0)
    stage.set_seats("4", 0)
    bank.facts.pop(attempt.number, None)
    assert hear(bank.pay(attempt.number, attempt.amount), NOON)
    found = list(Refund.objects.order_by("id"))
    for refund in found:
        bank.refunds[refund.number] = (attempt.number, refund.amount)
    return attempt, found


def test_d7_refunds_without_numbers_of_ours_are_told_by_payment_and_amount(stage, bank):
    (*one, back), (*other, again) = paid_twice(stage, bank), paid_twice(stage, bank)
    # From here on as PayEase: what its lines say of a refund is not our number.
    bank.repeats_refunds = False
    told = [line_back(back, refund="ref1"), line_back(again, refund="ref2"), line_back(again, refund="ref3")]
    compare(bank, *map(line, one + other), *told)
    assert listed() == [("refund_unknown", None, FEE)]
    assert Difference.objects.get().refund == "ref3"


def test_d7_control_without_the_neighbouring_days_the_border_stays_listed(stage, bank, monkeypatch):
    monkeypatch.setattr(comparing, "AROUND_DAYS", 0)
    monkeypatch.setattr(comparing, "explainable", lambda *_: set())
    last = paid(stage, bank, at=MIDNIGHT - SECOND)
    compare(bank)
    with transaction.atomic():
        compare(bank, line(last, at=MIDNIGHT), day=NEXT, now=MORNING_AFTER)
        assert listed() == [("day_border", FEE, None)]
        transaction.set_rollback(True)

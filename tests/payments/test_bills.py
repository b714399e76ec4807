"""A day's bill against the ledger: every difference listed once, until it is settled or explained (rule D7, b11)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from baokao.core.invariants import runner
from baokao.payments import services
from baokao.payments.bills import comparing
from baokao.payments.gateways.contract import LineKind
from baokao.payments.models import Attempt, Bill, BillLine, Difference, LedgerRow, Settlement
from tests.cast import set_stage
from tests.payments.billing import (
    HOUR,
    MIDNIGHT,
    MORNING,
    MORNING_AFTER,
    NEXT,
    begin,
    compare,
    line,
    line_back,
    listed,
    paid,
    paid_twice,
)

pytestmark = pytest.mark.django_db

FEE, CENT = Decimal("0.01"), Decimal("0.01")
MONEY = {"I6", "I7", "I9"}


@pytest.fixture
def stage(bank):
    return set_stage()


@pytest.fixture(autouse=True)
def sound(bank):
    """After each test: the sums of ledger and bills are one, but for what is listed."""
    yield
    assert not [str(found) for found in runner.run(patience=0) if found.name in MONEY]


def test_d7_a_bill_that_agrees_lists_nothing(stage, bank):
    one, other, back = paid_twice(stage, bank)
    assert compare(bank, line(one), line(other), line_back(back)) == "compared"
    assert listed() == []
    bill = Bill.objects.get()
    assert (bill.lines, bill.payments, bill.paid, bill.refunds, bill.refunded) == (3, 2, 2 * FEE, 1, FEE)
    assert set(BillLine.objects.values_list("deed", flat=True)) == {one.settlement.id, other.settlement.id, back.id}


def test_d7_money_there_that_is_unknown_here(stage, bank):
    compare(bank, line(begin(stage), number="NOBODYS0001"))
    assert listed() == [("payment_unknown", None, FEE)]


def test_d7_money_here_that_is_not_there(stage, bank):
    paid(stage, bank)
    compare(bank)
    assert listed() == [("payment_missing", FEE, None)]


def test_d7_another_amount(stage, bank):
    compare(bank, line(paid(stage, bank), amount=2 * FEE))
    assert listed() == [("amount", FEE, 2 * FEE)]


def test_d7_another_trade_of_the_same_amount(stage, bank):
    compare(bank, line(paid(stage, bank), trade="T2"))
    assert listed() == [("trade", FEE, FEE)]


def test_d7_a_refund_there_that_is_unknown_here(stage, bank):
    one = paid(stage, bank)
    compare(bank, line(one), line(one, kind=LineKind.REFUND, refund="BYHAND1"))
    assert listed() == [("refund_unknown", None, FEE)]


def test_d7_a_refund_here_that_is_not_there(stage, bank):
    one, other, _ = paid_twice(stage, bank)
    compare(bank, line(one), line(other))
    assert listed() == [("refund_missing", FEE, None)]


def test_d7_a_refund_of_another_amount(stage, bank):
    one, other, back = paid_twice(stage, bank)
    compare(bank, line(one), line(other), line_back(back, amount=2 * FEE))
    assert listed() == [("refund_amount", FEE, 2 * FEE)]


def test_d7_a_refund_of_ours_under_another_payment_is_two_differences(stage, bank):
    one, other, back = paid_twice(stage, bank)
    compare(bank, line(one), line(other), line_back(back, number=one.number))
    assert listed() == [("refund_missing", FEE, None), ("refund_unknown", None, FEE)]


@pytest.mark.parametrize("times", [2, 4])
def test_d7_a_line_that_comes_again(stage, bank, times):
    one = paid(stage, bank)
    compare(bank, *[line(one)] * times)
    assert listed() == [("doubled", None, FEE)] * (times - 1)


def test_d7_a_line_that_comes_again_on_another_day(stage, bank):
    one = paid(stage, bank)
    compare(bank, line(one))
    compare(bank, line(one, at=MIDNIGHT + HOUR), day=NEXT, now=MORNING_AFTER)
    assert listed() == [("doubled", None, FEE)]
    assert Difference.objects.get().bill.day == NEXT


def test_d7_an_unknown_line_that_comes_again(stage, bank):
    unknown = line(begin(stage), number="NOBODYS0001")
    compare(bank, unknown, unknown)
    assert listed() == [("doubled", None, FEE), ("payment_unknown", None, FEE)]


@pytest.mark.parametrize(("label", "kind"), [("服务费", "fee"), ("转账", "other"), ("", "other")])
def test_d7_a_line_of_another_kind(stage, bank, label, kind):
    compare(bank, line(begin(stage), kind=LineKind.OTHER, label=label, amount=Decimal("-0.60")))
    assert listed() == [(kind, None, Decimal("-0.60"))]


def test_d7_fees_within_lines_are_told_and_are_no_difference(stage, bank):
    compare(bank, line(paid(stage, bank), fee=Decimal("0.11")))
    assert listed() == []
    assert Bill.objects.get().fees == Decimal("0.11")


def test_d7_money_of_another_provider_is_unknown(stage, bank):
    one = paid(stage, bank)
    Attempt.objects.filter(id=one.id).update(provider="payease")
    Settlement.objects.update(provider="payease")
    LedgerRow.objects.update(provider="payease")
    compare(bank, line(one))
    assert [kind for kind, *_ in listed()] == ["payment_unknown"]


def test_d7_texts_that_a_database_would_read_otherwise_are_kept(stage, bank):
    compare(bank, line(begin(stage), number="a\tb\\.\n\0", trade="\\N", label="转账\\"))
    kept = BillLine.objects.get()
    assert (kept.number, kept.trade, kept.label) == ("a?b\\.??", "\\N", "转账\\")


# Once, however often


def test_d7_a_difference_is_listed_once_however_often_a_day_is_compared(stage, bank):
    one, other = paid(stage, bank), paid(stage, bank)
    lines = [line(one), line(one), line(begin(stage), number="NOBODYS0001")]
    for hour in range(3):
        compare(bank, *lines, now=MORNING + hour * HOUR)
        services.compare_again(MORNING + hour * HOUR)
    assert [kind for kind, *_ in listed()] == ["doubled", "payment_missing", "payment_unknown"]
    assert Difference.objects.count() == 3
    assert set(Difference.objects.values_list("listed_at", flat=True)) == {MORNING}
    assert BillLine.objects.count() == 3
    assert Difference.objects.get(kind="payment_missing").number == other.number


def settle(by="张三", reason="已线下退回"):
    return services.settle_difference(Difference.objects.get(state="listed").id, by, reason, MORNING)


def test_d7_a_settled_difference_stays_settled(stage, bank):
    paid(stage, bank)
    compare(bank)
    settle()
    compare(bank, now=MORNING + HOUR)
    found = Difference.objects.get()
    assert (found.state, found.settled_by, found.reason, found.holds) == ("settled", "张三", "已线下退回", True)


def test_d7_other_amounts_are_another_difference(stage, bank):
    one = paid(stage, bank)
    compare(bank, line(one, amount=2 * FEE))
    settle()
    compare(bank, line(one, amount=3 * FEE), now=MORNING + HOUR)
    assert listed() == [("amount", FEE, 3 * FEE)]


def test_d7_what_settled_itself_and_comes_again_is_listed_again(stage, bank):
    one = paid(stage, bank)
    compare(bank, line(one), line(one))
    compare(bank, line(one), now=MORNING + HOUR)
    found = Difference.objects.get()
    assert (found.holds, found.settled_by, found.reason) == (False, "system", "再次对账时已无此差异。")
    compare(bank, line(one), line(one), now=MORNING + 2 * HOUR)
    assert listed() == [("doubled", None, FEE)]


@pytest.mark.parametrize(
    ("by", "reason"), [("", "x"), ("张三", " "), ("system", "x"), ("张" * 61, "x"), ("张三", "x" * 501)]
)
def test_d7_settling_takes_a_name_and_a_reason(stage, bank, by, reason):
    paid(stage, bank)
    compare(bank)
    with pytest.raises(ValueError, match="somebody"):
        settle(by, reason)
    assert len(listed()) == 1


def test_d7_a_difference_is_settled_by_one_person(stage, bank):
    paid(stage, bank)
    compare(bank)
    found = settle()
    with pytest.raises(Difference.DoesNotExist):
        services.settle_difference(found.id, "李四", "我也看过", MORNING)


@pytest.mark.parametrize(
    "wrong",
    [{"state": "settled"}, {"settled_by": "张三"}, {"holds": False}, {"ours": None, "theirs": None}],
)
def test_d7_the_database_refuses_a_difference_without_sense(stage, bank, wrong):
    paid(stage, bank)
    compare(bank)
    with pytest.raises(IntegrityError), transaction.atomic():
        Difference.objects.update(**wrong)


# Controls


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE payments_bill SET paid = paid + 0.01",
        "UPDATE payments_bill SET refunded = refunded + 0.01",
        "UPDATE payments_bill SET lines = lines + 1",
        "UPDATE payments_bill_line SET amount = amount + 0.01 WHERE deed IS NOT NULL",
        "UPDATE payments_bill_line SET deed = NULL WHERE kind = 'payment'",
        "DELETE FROM payments_bill_line WHERE deed IS NULL",
        "DELETE FROM payments_difference WHERE kind = 'payment_missing'",
        "DELETE FROM payments_difference WHERE kind = 'refund_unknown'",
        "UPDATE payments_difference SET theirs = theirs + 0.01 WHERE kind = 'refund_unknown'",
        "UPDATE payments_difference SET holds = false, state = 'settled', settled_at = now(), settled_by = 'system',"
        " reason = 'x' WHERE kind = 'payment_missing'",
        "UPDATE payments_ledger SET amount = amount + 0.01",
    ],
)
def test_d7_a_fault_in_the_bills_is_found(stage, bank, fault):
    one, other, back = paid_twice(stage, bank)
    paid(stage, bank)
    compare(bank, line(one), line(other), line_back(back), line(one, kind=LineKind.REFUND, refund="BYHAND"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(fault)
        assert [found for found in runner.run(patience=0) if found.name == "I7" and "bill" in found.sentence]
        transaction.set_rollback(True)


@pytest.mark.breaks_invariants
@pytest.mark.parametrize("fault", ["_MISSING", "_UNKNOWN", "_OTHERWISE"])
def test_d7_control_a_difference_that_is_not_listed_breaks_the_invariant(stage, bank, monkeypatch, fault):
    one = paid(stage, bank)
    paid(stage, bank)
    with transaction.atomic():
        # The days' sums tell, whichever of the three is not looked for.
        monkeypatch.setattr(comparing, fault, "SELECT 1")
        compare(bank, line(one, amount=3 * FEE), line(begin(stage), number="NOBODYS0001", amount=7 * FEE))
        assert {found.name for found in runner.run(patience=0)} & MONEY == {"I7"}
        transaction.set_rollback(True)


def test_d7_control_without_the_first_lines_deed_a_doubled_line_would_pass(stage, bank):
    one = paid(stage, bank)
    compare(bank, line(one), replace(line(one), trade="T2"))
    assert listed() == [("doubled", None, FEE)]
    with pytest.raises(IntegrityError, match="one_bill_line_a_deed"), transaction.atomic():
        BillLine.objects.update(deed=one.settlement.id)

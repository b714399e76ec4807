"""Comparisons of one bill at once, as by two workers or by a worker and an operator's file: each difference is listed
once (rule D7)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import IntegrityError, connection

from baokao.payments import providers, services
from baokao.payments.bills import staging
from baokao.payments.models import Attempt, Bill, BillLine, Difference
from tests.cast import set_stage
from tests.payments.bank import Bank
from tests.payments.billing import DAY, MIDNIGHT, MORNING, MORNING_AFTER, NEXT, begin, line, listed, over, paid

pytestmark = [pytest.mark.django_db(transaction=True)]

FEE = Decimal("0.01")
reconciling = import_module("baokao.payments.services.reconcile")


@pytest.fixture
def bank(monkeypatch):
    """A provider; and some time goes by before a bill's lines are put beside the others."""
    made = Bank()
    monkeypatch.setattr(providers, "configured", lambda: {"alipay": made})
    keep = staging.keep

    def later(cursor):
        time.sleep(0.2)
        keep(cursor)

    monkeypatch.setattr(reconciling.staging, "keep", later)
    return made


def at_once(*deeds):
    """What each came to, all released together."""
    barrier = threading.Barrier(len(deeds))

    def do(deed):
        try:
            connection.ensure_connection()
            barrier.wait()
            return deed()
        except IntegrityError as failed:
            return failed
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def a_day_with_differences(bank):
    """A payment that agrees, one of another amount, one that the bill lacks, and one of which nobody told us: the bill,
    and the attempt behind the last."""
    stage = set_stage()
    right, other, _ = (paid(stage, bank) for _ in range(3))
    untold = begin(stage)
    over(untold)
    bank.bills[DAY] = [line(right), line(other, amount=2 * FEE), line(untold)]
    return services.bill_of("alipay", DAY).id, untold


DIFFERENCES = [("amount", FEE, 2 * FEE), ("payment_missing", FEE, None), ("payment_unknown", None, FEE)]


def test_d7_four_comparisons_of_one_bill_list_each_difference_once(bank):
    bill, untold = a_day_with_differences(bank)
    found = at_once(*[lambda: services.fetch_bill(bill, MORNING)] * 4)
    assert found == ["compared"] * 4
    assert listed() == DIFFERENCES
    assert (Difference.objects.count(), BillLine.objects.count(), Bill.objects.get().lines) == (3, 3, 3)
    assert Attempt.objects.get(id=untold.id).ask_at == MORNING, "it is asked about"


def test_d7_a_comparison_and_another_look_at_once(bank):
    """The worker's other loop doesn't wait for the comparison, and takes nothing of it away."""
    bill, untold = a_day_with_differences(bank)
    services.fetch_bill(bill, MORNING)
    bank.pay(untold.number, untold.amount)
    services.ask(untold.id, MORNING)
    later = MORNING + timedelta(minutes=5)
    at_once(*[lambda: services.fetch_bill(bill, later), lambda: services.compare_again(later)] * 3)
    assert listed() == DIFFERENCES[:2]
    assert Difference.objects.get(kind="payment_unknown").settled_by == "system"


def test_d7_neighbouring_days_at_once_explain_each_other(bank):
    stage = set_stage()
    one = paid(stage, bank, at=MIDNIGHT - timedelta(seconds=1))
    bank.bills[DAY], bank.bills[NEXT] = [], [line(one, at=MIDNIGHT + timedelta(seconds=1))]
    days = [services.bill_of("alipay", day).id for day in (DAY, NEXT)]
    at_once(*[lambda day=day: services.fetch_bill(day, MORNING_AFTER) for day in days * 2])
    assert listed() == []
    assert set(BillLine.objects.values_list("deed", flat=True)) == {one.settlement.id}


def test_d7_control_comparisons_that_take_no_turns_throw_each_other_out(bank, monkeypatch):
    monkeypatch.setattr(reconciling, "_prepare", lambda *_, **__: True)
    bill, _ = a_day_with_differences(bank)
    found = at_once(*[lambda: services.fetch_bill(bill, MORNING)] * 4)
    assert any(isinstance(one, IntegrityError) for one in found), "they never met; the race proves nothing"

"""Each provider's bill of each day is fetched: when it is ready, until it can be had, and for days that were missed
(rule D7, proof b11)."""

import json
from datetime import datetime, time, timedelta

import pytest

from baokao.core import clock
from baokao.core.clock import SHANGHAI
from baokao.core.invariants import runner
from baokao.payments import loops, providers, services
from baokao.payments.models import Bill, BillLine
from tests.cast import set_stage
from tests.payments.billing import DAY, HOUR, MORNING, NEXT, compare, line, listed, paid

pytestmark = pytest.mark.django_db

MINUTE, READY = timedelta(minutes=1), MORNING - timedelta(minutes=30)


@pytest.fixture
def stage(bank):
    return set_stage()


@pytest.fixture(autouse=True)
def sound(bank):
    yield
    assert not [str(found) for found in runner.run(patience=0) if found.name in {"I6", "I7", "I9"}]


def fetch(now):
    """What the worker's loop does at this moment, until nothing is due."""
    with clock.travel(now):
        while loops.fetch_bills():
            pass


def bills():
    return [(bill.day, bill.state) for bill in Bill.objects.order_by("day")]


def test_d7_a_bill_is_fetched_at_nine(stage, bank):
    bank.bills[DAY] = [line(paid(stage, bank))]
    fetch(READY - timedelta(seconds=1))
    assert bills() == [(DAY, "due")]
    assert bank.asked["bill"] == 0
    fetch(READY)
    assert bills() == [(DAY, "compared")]
    fetch(READY + HOUR)
    assert bank.asked["bill"] == 1


def test_d7_before_the_first_attempt_there_is_no_bill_to_fetch(bank):
    fetch(READY)
    assert bills() == []


def test_d7_days_that_were_missed_are_caught_up(stage, bank):
    bank.bills[DAY] = [line(paid(stage, bank))]
    bank.bills[NEXT + timedelta(days=2)] = []
    fetch(MORNING + timedelta(days=4))
    # Of the newest of them the provider says that it has none: it may not be made yet.
    assert [state for _, state in bills()] == ["compared", "absent", "absent", "compared", "due"]
    assert listed() == []


def test_d7_a_day_that_was_fetched_by_hand_hides_none_of_those_before_it(stage, bank):
    bank.bills[DAY] = [line(paid(stage, bank))]
    # The worker was down for days, and somebody fetched the newest bill by command first.
    compare(bank, day=NEXT + timedelta(days=2), now=MORNING + timedelta(days=3))
    fetch(MORNING + timedelta(days=3, hours=8))
    assert bills() == [
        (DAY, "compared"),
        (NEXT, "absent"),
        (NEXT + timedelta(days=1), "absent"),
        (NEXT + timedelta(days=2), "compared"),
    ]


def test_b9_dead_while_fetching_by_hand_it_is_fetched_by_itself(stage, bank, monkeypatch):
    paid_line = line(paid(stage, bank))
    monkeypatch.setattr(services.bills, "reconcile", dead)
    with pytest.raises(Dead):
        compare(bank, paid_line)
    monkeypatch.undo()
    monkeypatch.setattr(providers, "configured", lambda: {"alipay": bank})
    fetch(MORNING + HOUR)
    assert bills() == [(DAY, "compared")]


class Dead(Exception):
    """The command was stopped."""


def dead(*_):
    raise Dead


def test_d7_a_bill_that_cant_be_had_is_asked_for_again_ever_less_often(stage, bank):
    bank.bills[DAY] = [line(paid(stage, bank))]
    bank.silent, now, pauses = True, READY, []
    for _ in range(7):
        fetch(now)
        again = Bill.objects.get().fetch_at
        pauses.append((again - now) / MINUTE)
        now = again
    assert pauses == [10, 20, 40, 60, 60, 60, 60]
    assert Bill.objects.get().trouble == "no answer"
    bank.silent = False
    fetch(now)
    assert (bills(), Bill.objects.get().trouble) == ([(DAY, "compared")], "")


@pytest.mark.parametrize(("hours", "level"), [(0, "warning"), (6, "error")])
def test_d7_a_bill_that_is_late_is_an_error_in_the_log(stage, bank, capsys, hours, level):
    paid(stage, bank)
    bank.silent = True
    fetch(READY + hours * HOUR)
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["level"] for line in told if line["event"] == "bill.not_had"] == [level]


def test_b11_a_bill_that_is_cut_off_changes_nothing(stage, bank):
    one, other = paid(stage, bank), paid(stage, bank)
    compare(bank, line(one))
    before = list(BillLine.objects.values_list()), listed()
    bank.lose = True
    assert compare(bank, line(one), line(other), now=MORNING + HOUR) == "compared"
    assert (list(BillLine.objects.values_list()), listed()) == before
    bank.lose = False
    fetch(MORNING + 3 * HOUR)
    assert listed() == []


def test_d7_that_there_is_no_bill_is_believed_after_some_hours_when_our_books_agree(stage, bank):
    paid(stage, bank)
    services.bill_of("alipay", NEXT)
    Bill.objects.filter(day=NEXT).update(fetch_at=READY + timedelta(days=1))
    day_after = READY + timedelta(days=1)
    fetch(day_after + 2 * HOUR)
    assert dict(bills())[NEXT] == "due"
    fetch(day_after + 3 * HOUR)
    assert dict(bills())[NEXT] == "absent"
    assert not Bill.objects.get(day=NEXT).fetch_at


def test_d7_no_bill_of_a_day_with_money_lists_all_of_it_and_is_asked_for_all_week(stage, bank):
    one = paid(stage, bank)
    fetch(READY + 11 * HOUR)
    assert bills() == [(DAY, "due")]
    fetch(READY + 12 * HOUR)
    assert bills() == [(DAY, "absent")]
    assert [kind for kind, *_ in listed()] == ["payment_missing"]
    bank.bills[DAY] = [line(one)]
    fetch(READY + 36 * HOUR)
    assert dict(bills())[DAY] == "compared"
    assert listed() == []


def test_d7_after_a_week_nobody_asks_any_more(stage, bank):
    paid(stage, bank)
    fetch(READY + timedelta(days=8))
    assert dict(bills())[DAY] == "absent"
    assert Bill.objects.get(day=DAY).fetch_at is None


def test_d7_no_two_workers_fetch_one_bill(stage, bank):
    paid(stage, bank)
    services.expect_bills(READY)
    assert services.claim_bill(READY)
    assert services.claim_bill(READY) is None
    # The claim of a worker that died is taken again.
    assert services.claim_bill(READY + timedelta(minutes=21))


def test_d7_the_loops_tell_how_late_they_are(stage, bank):
    paid(stage, bank)
    behind = {loop.name: loop.behind for loop in loops.LOOPS}
    with clock.travel(READY + 2 * HOUR):
        assert (behind["bills"](), behind["differences"]()) == (0, 0)
        services.expect_bills(READY)
        assert behind["bills"]() == 2 * 3600
    compare(bank)
    with clock.travel(MORNING + 3 * HOUR):
        assert (behind["bills"](), behind["differences"]()) == (0, 3 * 3600)


def test_a_bill_is_of_a_day_in_beijing(stage, bank):
    """An attempt of the last minute before midnight there belongs to the day that ends."""
    paid(stage, bank, at=datetime.combine(NEXT, time(), SHANGHAI) - timedelta(seconds=1))
    services.expect_bills(MORNING)
    assert bills() == [(DAY, "due")]

"""Several payments in one message, and asking before booking (rules D3, D4; b1, b5, b6, b8 through both providers)."""

from datetime import timedelta
from importlib import import_module

import pytest

from baokao.core.faults import InjectedFault
from baokao.core.invariants import runner
from baokao.payments.gateways.contract import State
from baokao.payments.models import Notification, Settlement
from tests.cast import NOW, a_candidate
from tests.payments.bank import together
from tests.payments.doing import LASTS, attempt_state, balances, enter, hear, refunds, start, states, work
from tests.speaking import set_speaking_stage

pytestmark = pytest.mark.django_db
payease = pytest.mark.parametrize("bank", ["payease"], indirect=True)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def people(stage):
    """Three candidates with an entry in 英语四级笔试 each."""
    found = [a_candidate(stage, subjects="1") for _ in range(3)]
    for passport in found:
        enter(passport, "1")
    return found


def settled(attempts):
    return sum(attempt_state(attempt) == "paid" for attempt in attempts)


@payease
def test_d4_b1_all_payments_of_a_message_are_booked_and_it_may_come_again(bank, people):
    attempts = [start(passport, "1") for passport in people]
    message = together(*(bank.pay(attempt.number, attempt.amount) for attempt in attempts))
    assert all(hear(message) for _ in range(8))
    assert (settled(attempts), Settlement.objects.count()) == (3, 3)


@payease
@pytest.mark.parametrize("wrong", ["amount", "number", "unpaid"])
def test_d3_b5_of_a_message_with_one_wrong_part_nothing_is_booked(bank, people, wrong):
    attempts = [start(passport, "1") for passport in people]
    messages = [bank.pay(attempt.number, attempt.amount) for attempt in attempts]
    if wrong == "amount":
        messages[1] = bank.notification(attempts[1].number, amount=99)
    elif wrong == "number":
        messages[1] = bank.notification(attempts[1].number, number="20260101nobodys")
    else:
        bank.facts[attempts[1].number] = bank.facts[attempts[1].number].__class__(
            attempts[1].number, State.WAITING, attempts[1].amount
        )
    assert not hear(together(*messages))
    assert (settled(attempts), Settlement.objects.count()) == (0, 0)
    expected = {"amount": "amount", "number": "unknown_number", "unpaid": "unconfirmed"}[wrong]
    assert Notification.objects.get().code == expected


@payease
def test_b9_dead_between_two_payments_of_a_message_none_is_booked_and_told_again_all_are(bank, people, settings):
    attempts = [start(passport, "1") for passport in people]
    message = together(*(bank.pay(attempt.number, attempt.amount) for attempt in attempts))
    settings.FAULT = "pay.before_settle_commits:raise"
    with pytest.raises(InjectedFault):
        hear(message)
    assert Settlement.objects.count() == 0
    settings.FAULT = ""
    assert hear(message, NOW + MINUTE)
    assert settled(attempts) == 3


@payease
def test_d3_what_the_provider_does_not_confirm_is_not_booked_and_is_asked_for_later(bank, people):
    attempt = start(people[0], "1")
    message = bank.pay(attempt.number, attempt.amount)
    bank.silent = True
    assert not hear(message)
    assert (attempt_state(attempt), Notification.objects.get().code) == ("open", "unconfirmed")
    bank.silent = False
    work(NOW)
    assert attempt_state(attempt) == "paid"
    assert hear(message, NOW + MINUTE)


@payease
def test_b4_b6_control_without_asking_a_message_with_anothers_proofs_would_be_booked(bank, people, monkeypatch):
    """Why it is asked: where no signature ties order and amount together, a right digest is not yet money."""
    attempt = start(people[0], "1")
    bank.arrive(attempt.number, attempt.amount)
    claimed = bank.notification(attempt.number, state=State.PAID)
    assert not hear(claimed)
    assert attempt_state(attempt) == "open"
    monkeypatch.setattr(bank, "confirm", list)
    assert hear(claimed)
    assert "I6" in {found.name for found in runner.run(patience=0)} or balances()["provider"] > bank.taken()


@payease
def test_d4_what_is_not_paid_in_a_message_is_asked_about(bank, people):
    first, second = (start(passport, "1") for passport in people[:2])
    bank.arrive(second.number, second.amount)
    assert hear(together(bank.pay(first.number, first.amount), bank.notification(second.number)))
    assert (attempt_state(first), attempt_state(second)) == ("paid", "open")


@payease
def test_d5_late_money_is_looked_for_some_days_where_nothing_ends_an_order(bank, people):
    attempt = start(people[0], "1")
    work(NOW + LASTS)
    assert attempt_state(attempt) == "ended"
    bank.pay(attempt.number, attempt.amount)
    bank.silent = True
    for hours in (1, 2, 8, 30, 60):
        work(NOW + timedelta(hours=hours))
    bank.silent = False
    work(NOW + timedelta(days=6))
    assert attempt_state(attempt) == "paid"


@pytest.mark.parametrize("order", [("alipay", "payease"), ("payease", "alipay")])
def test_d6_b8_paid_once_through_each_provider_the_second_goes_back_once(banks, people, order):
    """The first attempt ended without money as far as anybody knew; then both providers have some."""
    passport = people[0]
    first = start(passport, "1", provider=order[0])
    work(NOW + LASTS)
    second = start(passport, "1", NOW + LASTS + MINUTE, provider=order[1])
    now = NOW + LASTS + 2 * MINUTE
    assert hear(banks[order[1]].pay(second.number, second.amount), now, order[1])
    banks[order[0]].facts.pop(first.number, None)
    late = banks[order[0]].pay(first.number, first.amount)
    for minutes in range(1, 9):
        assert hear(late, now + minutes * MINUTE, order[0])
        work(now + minutes * MINUTE)
    assert states(passport) == "1 paid"
    assert [(why, state) for why, _, state in refunds()] == [("twice", "done")]
    assert [len(banks[name].refunds) for name in order] == [1, 0]
    taken = sum(bank.taken() - bank.returned() for bank in banks.values())
    assert balances()["provider"] == taken == second.amount
    assert not {found.name for found in runner.run(patience=0)} & {"I5", "I6", "I7", "I9"}


@payease
def test_d4_control_booking_one_by_one_books_half_of_a_wrong_message(bank, people, monkeypatch):
    hearing = import_module("baokao.payments.services.hear")
    settle = import_module("baokao.payments.services.settle").settle

    def one_by_one(paid, proof, now):
        for attempt, fact in paid:
            settle(attempt, fact, proof, now)

    monkeypatch.setattr(hearing, "settle_all", one_by_one)
    monkeypatch.setattr(bank, "confirm", lambda facts: [*facts[:-1], facts[-1].__class__(facts[-1].number, State.PAID)])
    attempts = [start(passport, "1") for passport in people[:2]]
    assert not hear(together(*(bank.pay(attempt.number, attempt.amount) for attempt in attempts)))
    assert settled(attempts) == 1

"""What the network, the provider and a dying machine may do to one payment: it always ends paid, once (b1, b2, b9; a6).

Every subset of deliveries, every point of death and every order is gone through. Each case is rolled back, so that all
of them begin from the same entries.
"""

import itertools
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import transaction

from baokao.core.faults import InjectedFault
from baokao.core.invariants import runner
from baokao.core.verdict import RefusedError
from baokao.payments import services
from baokao.payments.models import Attempt, LedgerRow, Settlement
from baokao.registration import services as registration
from tests.cast import NOW
from tests.payments.doing import LASTS, attempt_state, balances, enter, hear, start, states, work
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = [
    pytest.mark.django_db,
    # Everything holds whichever provider it is, one that ends orders and repeats refunds or one that does neither.
    pytest.mark.parametrize("bank", ["alipay", "payease"], indirect=True),
]

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
# The provider's whole schedule, from the payment on: at once, then after 4 min, 10 min, 10 min, 1 h, 2 h, 6 h, 15 h.
DELIVERIES = list(itertools.accumulate([0, 4, 10, 10, 60, 120, 360, 900]))
MONEY = {"I2", "I5", "I6", "I7", "I8", "I9", "I10"}


@pytest.fixture
def passport(bank):
    return a_speaker(set_speaking_stage(), written="1")


@contextmanager
def forgotten(bank):
    """A case whose every trace goes away at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    bank.__init__()


def sound(bank):
    """No invariant of money is broken, and our books are the provider's."""
    broken = [found for found in runner.run(patience=0) if found.name in MONEY - {"I8"}]
    assert broken == [], "\n".join(map(str, broken))
    assert balances().get("provider", 0) == bank.taken() - bank.returned()


def settled_once(attempt, passport, bank):
    sound(bank)
    assert (attempt_state(attempt), states(passport)) == ("paid", "1 paid")
    assert (Settlement.objects.count(), LedgerRow.objects.filter(kind="received").count()) == (1, 1)


# b2


@pytest.mark.parametrize("worker", ["works", "is down"])
def test_b2_whatever_deliveries_we_miss_it_ends_paid(passport, bank, worker):
    """With our worker down too, at least one of them has to come through. Here: each one alone, and none."""
    every_subset_ends_paid(passport, bank, worker, sizes=[7, 8])


@pytest.mark.prove
@pytest.mark.parametrize("worker", ["works", "is down"])
def test_b2_all_256_subsets(passport, bank, worker):
    every_subset_ends_paid(passport, bank, worker, sizes=range(9))


def every_subset_ends_paid(passport, bank, worker, sizes):
    for missed in itertools.chain.from_iterable(itertools.combinations(range(8), n) for n in sizes):
        if worker == "is down" and len(missed) == 8:
            continue
        with forgotten(bank):
            attempt = start(passport, "1")
            paid_at = NOW + MINUTE
            message = bank.pay(attempt.number, attempt.amount)
            for n, minutes in enumerate(DELIVERIES):
                moment = paid_at + minutes * MINUTE
                if worker == "works":
                    work(moment - SECOND)
                if n not in missed and hear(message, moment):
                    break
            if worker == "works":
                work(paid_at + 26 * HOUR)
            settled_once(attempt, passport, bank)


def test_b2_control_without_asking_a_payment_that_nobody_told_of_stays_unpaid(passport, bank, monkeypatch):
    monkeypatch.setattr(import_module("baokao.payments.services.ask"), "settle", lambda *_: None)
    attempt = start(passport, "1")
    bank.pay(attempt.number, attempt.amount)
    work(NOW + MINUTE)
    with pytest.raises(AssertionError):
        settled_once(attempt, passport, bank)


# b9

POINTS = ["pay.after_keep", "pay.after_verify", "pay.before_settle_commits", "pay.after_settle"]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("again", ["the provider tells again", "we ask"])
def test_b9_dead_at_any_point_between_the_money_and_our_commit(passport, bank, settings, point, again):
    attempt = start(passport, "1")
    message = bank.pay(attempt.number, attempt.amount)
    settings.FAULT = f"{point}:raise"
    with pytest.raises(InjectedFault):
        hear(message)
    settings.FAULT = ""
    if again == "we ask":
        work(NOW + MINUTE)
    else:
        assert hear(message, NOW + MINUTE)
    settled_once(attempt, passport, bank)


@pytest.mark.parametrize("point", ["pay.after_query", "pay.after_verify", "pay.before_settle_commits"])
def test_b9_dead_while_asking(passport, bank, settings, point):
    attempt = start(passport, "1")
    bank.pay(attempt.number, attempt.amount)
    settings.FAULT = f"{point}:raise"
    with pytest.raises(InjectedFault):
        work(NOW + 5 * SECOND)
    settings.FAULT = ""
    work(NOW + 10 * SECOND)
    assert attempt_state(attempt) == "open", "the claim holds for a minute, in case the other still works"
    work(NOW + 2 * MINUTE)
    settled_once(attempt, passport, bank)


def test_b9_dead_after_the_refund_was_answered(passport, bank, settings):
    attempt = start(passport, "1")
    work(NOW + LASTS)
    registration.expire_entries(NOW + 25 * HOUR)
    registration.expire_registrations(NOW + 40 * HOUR)
    bank.facts.clear()
    hear(bank.pay(attempt.number, attempt.amount), NOW + 41 * HOUR)
    settings.FAULT = "refund.after_answer:raise"
    with pytest.raises(InjectedFault):
        work(NOW + 41 * HOUR)
    settings.FAULT = ""
    work(NOW + 42 * HOUR)
    sound(bank)
    assert len(bank.refunds) == 1
    assert LedgerRow.objects.filter(kind="refunded").count() == 1


def test_b9_dead_before_an_attempt_is_kept_nobody_was_sent_to_pay(passport, bank, settings):
    settings.FAULT = "pay.before_start_commits:raise"
    with pytest.raises(InjectedFault):
        start(passport, "1")
    settings.FAULT = ""
    assert states(passport) == "1 unpaid"
    assert start(passport, "1").state == "open"


def test_b9_control_booking_in_steps_loses_the_entry(passport, bank, settings, monkeypatch):
    """What the one transaction is for: with the ratchet moved before and apart, a death in between loses the money."""
    attempt = start(passport, "1")
    message = bank.pay(attempt.number, attempt.amount)
    Attempt.objects.filter(id=attempt.id).update(state="paid", paid_at=NOW, ask_at=None)
    assert hear(message, NOW + MINUTE)
    work(NOW + 2 * HOUR)
    assert "I9" in {found.name for found in runner.run(patience=0)}
    assert states(passport) == "1 unpaid"


# a6


def deeds(passport, attempt, bank, message, moment):
    """What may meet at one entry in one moment, each by itself refused or done."""

    def cancel():
        with suppress(RefusedError):
            enter(passport, "", now=moment)

    return {
        "expires": lambda: registration.expire_entries(moment),
        "is given up": cancel,
        "is told paid": lambda: hear(message, moment),
        "is asked about": lambda: work(moment),
        "is closed for another": lambda: services.end_for_another([attempt], moment),
    }


@pytest.mark.parametrize("paid", ["in time", "late", "never"])
@pytest.mark.parametrize("moment", [NOW + 29 * MINUTE, NOW + 24 * HOUR + MINUTE])
def test_a6_in_all_orders_the_money_is_on_one_entry_or_goes_back(passport, bank, paid, moment):
    in_all_orders(["expires", "is given up", "is told paid"], passport, bank, paid, moment)


@pytest.mark.prove
@pytest.mark.parametrize("paid", ["in time", "late", "never"])
@pytest.mark.parametrize("moment", [NOW + 29 * MINUTE, NOW + 24 * HOUR + MINUTE])
def test_a6_all_120_orders_of_five(passport, bank, paid, moment):
    in_all_orders(list(deeds(passport, None, bank, None, moment)), passport, bank, paid, moment)


def in_all_orders(names, passport, bank, paid, moment):
    for order in itertools.permutations(names):
        with forgotten(bank):
            attempt = start(passport, "1")
            if paid == "in time":
                message = bank.pay(attempt.number, attempt.amount)
            else:
                bank.arrive(attempt.number, attempt.amount)
                message = bank.notification(attempt.number, state="paid" if paid == "late" else "waiting")
            can = deeds(passport, attempt, bank, message, moment)
            for name in order:
                if paid == "late" and name == "is told paid":
                    bank.facts.clear()
                    bank.pay(attempt.number, attempt.amount)
                can[name]()
            for hours in (1, 13, 37):
                work(moment + hours * HOUR)
                registration.expire_entries(moment + hours * HOUR)
            sound(bank)
            live = [state for state in states(passport).split(", ") if state == "1 paid"]
            assert len(live) == (1 if bank.taken() > bank.returned() else 0)
            if paid == "never":
                assert bank.taken() == 0

"""A machine that dies while a school's money is booked, and while a list is locked, paid or let go: it always ends in
one state, once (proofs b1, b2, b9 for rule D8). Each case is rolled back, as in test_faults.py."""

import itertools
from contextlib import suppress
from datetime import timedelta

import pytest

from baokao.core.faults import InjectedFault
from baokao.core.invariants import runner
from baokao.core.verdict import RefusedError
from baokao.payments import services
from baokao.payments.models import Attempt, LedgerRow, Order, Pick, Settlement
from baokao.registration import services as registration
from tests.cast import NOW, SITTING
from tests.payments.doing import LASTS, attempt_state, enter, hear, states, work
from tests.payments.grouping import TEACHER, a_group, a_locked_group, held, release, start_group, state
from tests.payments.test_faults import forgotten, sound
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = [
    pytest.mark.django_db,
    # Everything holds whichever provider it is, one that ends orders and repeats refunds or one that does neither.
    pytest.mark.parametrize("bank", ["alipay", "payease"], indirect=True),
]

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def people(bank):
    """Three of one class; one of them with a speaking entry."""
    stage = set_speaking_stage()
    found = [a_speaker(stage) for _ in range(3)]
    registration.save_speaking(found[0].id, SITTING, {"F": "993010"}, NOW)
    return found


def all_paid(group, attempt, people, bank):
    sound(bank)
    assert (attempt_state(attempt), state(group), held(group)) == ("paid", "paid", "")
    assert [states(one) for one in people] == ["1 paid, F paid", "1 paid", "1 paid"]
    assert Settlement.objects.count() == LedgerRow.objects.filter(kind="received").count() == 1
    assert Pick.objects.filter(group=group).exclude(paid_at=None).count() == 4


@pytest.mark.parametrize(
    "point", ["pay.after_keep", "pay.after_verify", "pay.before_settle_commits", "pay.after_settle"]
)
@pytest.mark.parametrize("again", ["the provider tells again", "we ask"])
def test_b9_dead_at_any_point_between_the_money_and_our_commit(people, bank, settings, point, again):
    group = a_locked_group(*people)
    attempt = start_group(group)
    message = bank.pay(attempt.number, attempt.amount)
    settings.FAULT = f"{point}:raise"
    with pytest.raises(InjectedFault):
        hear(message)
    settings.FAULT = ""
    if again == "we ask":
        work(NOW + MINUTE)
    else:
        assert hear(message, NOW + MINUTE)
    all_paid(group, attempt, people, bank)


@pytest.mark.parametrize("point", ["pay.after_query", "pay.after_verify", "pay.before_settle_commits"])
def test_b9_dead_while_asking(people, bank, settings, point):
    group = a_locked_group(*people)
    attempt = start_group(group)
    bank.pay(attempt.number, attempt.amount)
    settings.FAULT = f"{point}:raise"
    with pytest.raises(InjectedFault):
        work(NOW + 5 * SECOND)
    settings.FAULT = ""
    work(NOW + 2 * MINUTE)
    all_paid(group, attempt, people, bank)


def test_b9_dead_before_an_attempt_is_kept_nobody_was_sent_to_pay(people, bank, settings):
    group = a_locked_group(*people)
    settings.FAULT = "group.before_start_commits:raise"
    with pytest.raises(InjectedFault):
        start_group(group)
    settings.FAULT = ""
    assert (Attempt.objects.count(), Order.objects.count(), state(group)) == (0, 0, "locked")
    assert start_group(group).state == "open"


def test_b9_dead_in_the_middle_of_locking_what_is_locked_stays_and_the_rest_follows(
    people, bank, settings, monkeypatch
):
    monkeypatch.setattr("baokao.payments.services.groups.state.BATCH", 1)
    group, calls = a_group(*people), itertools.count()

    def die(name):
        if name == "group.before_lock_commits" and next(calls) == 1:
            raise InjectedFault(name)

    with monkeypatch.context() as patched:
        patched.setattr("baokao.core.faults.point", die)
        with pytest.raises(InjectedFault):
            services.lock_group(group.id, TEACHER, NOW)
    assert (state(group), len(held(group)) in (1, 2)) == ("locked", True)
    services.lock_group(group.id, TEACHER, NOW)
    assert held(group) == "111F"
    sound(bank)


def test_b9_dead_while_letting_go_it_is_let_go_when_asked_again(people, bank, settings):
    group = a_locked_group(*people)
    settings.FAULT = "group.before_release_commits:raise"
    with pytest.raises(InjectedFault):
        release(group)
    settings.FAULT = ""
    assert held(group) == "111F"
    assert release(group) == 4
    sound(bank)


def test_b2_with_no_notification_and_our_worker_down_for_a_while_it_ends_paid(people, bank):
    group = a_locked_group(*people)
    attempt = start_group(group)
    bank.pay(attempt.number, attempt.amount)
    work(NOW + 3 * HOUR)
    all_paid(group, attempt, people, bank)


@pytest.mark.parametrize("paid", ["in time", "late", "never"])
def test_a6_a9_in_all_orders_the_groups_money_is_on_one_entry_each_or_goes_back(people, bank, paid):
    names = ["is told paid", "is released", "is given up", "expires"]
    moment = NOW + 24 * HOUR + MINUTE if paid == "late" else NOW + 29 * MINUTE
    for order in itertools.permutations(names):
        with forgotten(bank):
            group = a_locked_group(*people)
            attempt = start_group(group)
            if paid == "late":
                work(NOW + LASTS)
                bank.facts.pop(attempt.number, None)
            message = bank.pay(attempt.number, attempt.amount) if paid != "never" else None
            for name in order:
                act(name, group, people, message, moment)
            for hours in (1, 13, 37):
                work(moment + hours * HOUR)
                registration.expire_entries(moment + hours * HOUR)
            sound(bank)
            kept = sum(one == "1 paid" or one == "F paid" for who in people for one in states(who).split(", "))
            assert kept * attempt.amount / 4 == bank.taken() - bank.returned(), order


def act(name, group, people, message, moment):
    """One deed; what is refused changes nothing."""
    match name:
        case "is told paid" if message is not None:
            assert hear(message, moment)
        case "is released":
            attempted(release, group, now=moment)
        case "is given up":
            attempted(enter, people[1], "", now=moment)
        case "expires":
            registration.expire_entries(moment)


def attempted(deed, *arguments, **more):
    with suppress(RefusedError):
        deed(*arguments, **more)


def test_b9_control_booking_in_steps_loses_the_entries(people, bank):
    """What the one transaction is for: with the ratchet moved before and apart, a death in between loses the money."""
    group = a_locked_group(*people)
    attempt = start_group(group)
    message = bank.pay(attempt.number, attempt.amount)
    Attempt.objects.filter(id=attempt.id).update(state="paid", paid_at=NOW, ask_at=None)
    assert hear(message, NOW + MINUTE)
    work(NOW + 2 * HOUR)
    assert "I9" in {found.name for found in runner.run(patience=0)}
    assert held(group) == "111F"

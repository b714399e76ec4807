"""A group's lock against cancelling, paying, expiry and a second group, in every order of their beginnings and commits
(proof a9)."""

import itertools
import random
from datetime import timedelta
from importlib import import_module

import pytest

from baokao.core import clock, faults
from baokao.core.verdict import RefusedError
from baokao.payments import providers
from baokao.payments import services as payments
from baokao.payments.models import Attempt
from baokao.payments.services.groups.lock import Locked
from baokao.registration import services, standing
from baokao.registration.models import Entry
from baokao.registration.services import expire, paying, plan
from baokao.registration.services.plan import Saved
from tests.cast import NOW, SITTING, set_stage
from tests.payments.bank import Bank
from tests.payments.doing import hear
from tests.payments.grouping import TEACHER, a_group, a_locked_group, release, start_group
from tests.races import orders
from tests.races.ddl import without
from tests.races.people import broken, candidates

pytestmark = [pytest.mark.django_db(transaction=True)]

SEED = 20260613
SECOND = timedelta(seconds=1)
RIVALS = ("cancel", "pay", "expire", "another group")
MONEY = {"I1", "I2", "I3", "I5", "I6", "I7", "I8", "I9", "I10"}


@pytest.fixture
def stage(monkeypatch):
    bank = Bank()
    monkeypatch.setattr(providers, "configured", lambda: {"alipay": bank})
    monkeypatch.setattr(faults, "point", orders.stand)
    return set_stage(seats=1000)


def deeds(passport, ends):
    """Each with the point at which it has written everything. The group's lock begins in the entry's last second, and
    the clock comes just after it."""
    first, second = a_group(passport), a_group(passport)
    return {
        "lock": (lambda: payments.lock_group(first.id, TEACHER, ends - SECOND), "group.before_lock_commits"),
        "another group": (
            lambda: payments.lock_group(second.id, TEACHER, ends - SECOND), "group.before_lock_commits"
        ),
        "cancel": (
            lambda: services.save_entries(passport.id, SITTING, frozenset(), ends - SECOND), "entries.before_commit"
        ),
        "pay": (
            lambda: payments.start(passport.id, SITTING, frozenset("1"), "alipay", "", ends - SECOND),
            "pay.before_start_commits",
        ),
        "expire": (lambda: expire.expire_entries(ends), "expiry.before_counters"),
    }  # fmt: skip


def somebody(stage):
    """A candidate with 英语四级笔试, and when its time is over: in a moment."""
    [passport] = candidates(stage, 1, subjects="1")
    services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    ends = clock.now()
    Entry.objects.filter(registration__passport=passport).update(held_until=ends)
    return passport, ends


def won(answer):
    """Whether a deed had its way, as it was told."""
    match answer:
        case RefusedError():
            return False
        case Locked():
            return answer.count == 1
        case int():
            return answer > 0
        case Saved():
            # Nothing is given up where nothing is held any more; that is no refusal.
            return bool(answer.given_up)
        case _:
            return True


def winner(passport):
    """Who had its way, as the entry says."""
    [entry] = Entry.objects.filter(registration__passport=passport)
    if entry.state != "unpaid":
        return {"cancelled": "cancel", "expired": "expire"}[entry.state]
    return {"payment": "pay", "group": "lock"}[entry.lock]


def play(stage, names, order):
    """Play one order; who won as they were told, and as the entry says."""
    passport, ends = somebody(stage)
    all_deeds = deeds(passport, ends)
    answers = orders.play(order, {name: all_deeds[name] for name in names})
    told = {"lock" if name == "another group" else name for name in names if won(answers[name])}
    count = sum(won(answer) for answer in answers.values())
    return count, told, winner(passport), answers


def in_all_orders(stage, names):
    seen = set()
    for order in orders.all_orders(names):
        count, told, found, answers = play(stage, names, order)
        assert (count, told) == (1, {found}), (order, answers)
        seen.add(found)
        # What another test of this list would find still due.
        payments.release_due(clock.now() + timedelta(days=400))
        ended()
    assert not broken() & MONEY
    return seen


def ended():
    """The attempts of this order, so that the invariants find nothing under way."""
    ask = import_module("baokao.payments.services.ask")
    for attempt in Attempt.objects.filter(state="open"):
        ask._end(attempt, attempt.expires_at, tells=False)
    services.expire_entries(clock.now() + timedelta(days=400))


@pytest.mark.parametrize("rival", RIVALS)
def test_a9_in_every_order_the_lock_or_its_rival_wins_and_never_both(stage, rival):
    seen = in_all_orders(stage, ["lock", rival])
    assert seen == {"lock", "lock" if rival == "another group" else rival}


@pytest.mark.prove
@pytest.mark.parametrize("rivals", list(itertools.combinations(RIVALS, 2)))
def test_a9_ninety_orders_of_the_lock_and_two_rivals(stage, rivals):
    assert "lock" in in_all_orders(stage, ["lock", *rivals])


# Money that comes late, while the list is being let go


def late_money(passport, bank):
    """A group whose attempt ended; its money comes all the same, while it is released and the candidate gives up."""
    group = a_locked_group(passport)
    attempt = start_group(group, provider="alipay")
    ask = import_module("baokao.payments.services.ask")
    ask._end(attempt, NOW + timedelta(minutes=30), tells=False)
    message = bank.pay(attempt.number, attempt.amount)
    later = NOW + timedelta(minutes=31)
    return {
        "money": (lambda: hear(message, later, "alipay"), "pay.before_settle_commits"),
        "release": (lambda: release(group, now=later), "group.before_release_commits"),
        "give up": (lambda: services.save_entries(passport.id, SITTING, frozenset(), later), "entries.before_commit"),
    }


@pytest.mark.parametrize(
    "names", [["money", "release"], pytest.param(["money", "release", "give up"], marks=pytest.mark.prove)]
)
def test_a9_d6_late_money_and_release_at_once_the_money_is_on_one_entry(stage, names):
    for order in orders.all_orders(names):
        [passport] = candidates(stage, 1, subjects="1")
        services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
        all_deeds = late_money(passport, providers.configured()["alipay"])
        answers = orders.play(order, {name: all_deeds[name] for name in names})
        assert answers["money"] is True, (order, answers)
        paid = Entry.objects.filter(registration__passport=passport, state="paid")
        assert paid.count() == 1, (order, answers)
        assert not Entry.objects.exclude(lock="").exists(), order
    assert not broken() & MONEY


# Controls: what the registration's lock, the conditions and the constraint are for


@pytest.fixture
def unprotected(stage, monkeypatch):
    for name in ("LOCK", "LOCK_THESE"):
        monkeypatch.setattr(standing, name, getattr(standing, name).replace("FOR NO KEY UPDATE OF r", ""))
    claim = expire.CLAIM_ENTRIES.replace("FOR NO KEY UPDATE OF r SKIP LOCKED", "")
    monkeypatch.setattr(expire, "CLAIM_ENTRIES", claim)
    monkeypatch.setattr(expire, "EXPIRE", expire.EXPIRE.replace("e.locked_by IS NULL", "true"))
    monkeypatch.setattr(paying, "_LOCK", paying._LOCK.replace("AND state = 'unpaid' AND locked_by IS NULL", ""))
    taking = "AND state = 'unpaid' AND locked_by IS NULL AND held_until > %s"
    monkeypatch.setattr(paying, "_TAKE", paying._TAKE.replace(taking, "AND %s IS NOT NULL"))
    monkeypatch.setattr(plan, "_CANCEL", plan._CANCEL.replace("AND state = 'unpaid'", ""))
    return stage


@pytest.mark.breaks_invariants
@pytest.mark.parametrize("rival", RIVALS)
def test_a9_control_without_locks_and_conditions_both_win(unprotected, rival):
    names = ["lock", rival]
    with without("only_unpaid_entries_are_locked"):
        found = list(orders.all_orders(names))
        for order in random.Random(SEED).sample(found, len(found)):
            passport, ends = somebody(unprotected)
            all_deeds = deeds(passport, ends)
            answers = orders.play(order, {name: all_deeds[name] for name in names})
            if all(won(answer) for answer in answers.values()):
                break
        else:
            pytest.fail("the race was never lost")

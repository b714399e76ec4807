"""Expiry, cancelling and paying for one entry, in all ninety orders of their beginnings and commits (proof a6).

What pays here is the bare transition under the registration's lock; tests/races/test_payments.py and
tests/payments/test_faults.py go through the payments themselves.
"""

import random
from datetime import timedelta

import pytest
from django.db import transaction

from baokao.core import clock, faults
from baokao.core.models import AuditRow
from baokao.core.raw import raw_connection
from baokao.core.verdict import RefusedError
from baokao.registration import services, standing
from baokao.registration.models import Entry, Registration
from baokao.registration.services import expire, plan
from tests.cast import NOW, SITTING
from tests.races import orders
from tests.races.people import broken, candidates
from tests.speaking import NEAR, set_speaking_stage

pytestmark = [pytest.mark.django_db(transaction=True)]

SEED = 20200920
ORDERS = list(orders.all_orders(["expire", "cancel", "pay"]))
SHUFFLED = random.Random(SEED).sample(ORDERS, len(ORDERS))


@pytest.fixture
def stage(monkeypatch):
    monkeypatch.setattr(faults, "point", orders.stand)
    return set_speaking_stage(seats=1000)


def pay(passport):
    """Whether the written entry was there to be paid."""
    with transaction.atomic():
        raw = raw_connection()
        row = raw.execute(standing.LOCK, [passport.id, SITTING]).fetchone()
        assert row
        paid = raw.execute(
            "UPDATE registration_entry SET state = 'paid'"
            " WHERE registration_id = %s AND subject_id = '1' AND state = 'unpaid'",
            [row[1]],
        ).rowcount
        faults.point("pay.before_commit")
    return bool(paid)


def deeds(passport):
    """Each with the point at which it has written everything."""
    along = frozenset("F")
    return {
        "expire": (lambda: expire.expire_entries(clock.now()), "expiry.before_counters"),
        "cancel": (
            lambda: services.save_entries(passport.id, SITTING, frozenset(), NOW, along), "entries.before_commit"
        ),
        "pay": (lambda: pay(passport), "pay.before_commit"),
    }  # fmt: skip


def somebody(stage, speaking):
    """A candidate whose 英语四级笔试 is over; the speaking entry beside it has hours left."""
    [passport] = candidates(stage, 1, subjects="1F")
    services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    if speaking:
        services.save_speaking(passport.id, SITTING, {"F": NEAR}, NOW)
    Entry.objects.filter(registration__passport=passport, subject_id="1").update(
        held_until=clock.now() - timedelta(seconds=30)
    )
    return passport


def states(passport):
    entries = Entry.objects.filter(registration__passport=passport)
    return dict(entries.values_list("subject_id", "state"))


def given_up(answer):
    return () if isinstance(answer, RefusedError) else answer.given_up


def test_a6_there_are_ninety_orders():
    assert len(ORDERS) == len(set(ORDERS)) == 90


@pytest.mark.breaks_invariants
@pytest.mark.parametrize("speaking", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_a6_in_every_order_an_entry_has_one_end_and_its_seat_is_counted_once(stage, speaking):
    seen = set()
    for order in ORDERS:
        passport = somebody(stage, speaking)
        answers = orders.play(order, deeds(passport))
        found = states(passport)
        seen.add(found["1"])
        # Exactly one of the three had its way, and knows it.
        assert (answers["pay"], "1" in given_up(answers["cancel"]), answers["expire"] > 0) == (
            found["1"] == "paid", found["1"] == "cancelled", found["1"] == "expired"
        ), (order, answers, found)  # fmt: skip
        if found["1"] == "paid":
            assert found.get("F") in (None, "unpaid"), order
            if isinstance(answers["cancel"], RefusedError):
                assert answers["cancel"].first.message == "已支付科目不可取消报考。"
        else:
            assert set(found.values()) == {found["1"]}, order
        own = Registration.objects.get(passport=passport)
        assert (own.empty_since is None) is (found["1"] == "paid"), order
        told = AuditRow.objects.filter(action="entries.expired", subject=f"registration:{own.id}").count()
        assert told == (found["1"] == "expired"), order
        assert stage.offering("1").taken == Entry.objects.filter(subject_id="1", state__in=Entry.LIVE).count(), order
    assert seen == {"paid", "cancelled", "expired"}
    # What pays here books no money, which I5 finds; nothing else is broken.
    assert not broken() & {"I1", "I2", "I3", "I8", "I9", "I10", "I12"}


@pytest.mark.breaks_invariants
def test_a6_control_without_locks_and_states_a_seat_is_given_back_twice_and_a_paid_entry_ends(stage, monkeypatch):
    claim, ending, cancel = expire.CLAIM_ENTRIES, expire.EXPIRE, plan._CANCEL
    monkeypatch.setattr(standing, "LOCK", standing.LOCK.replace("FOR NO KEY UPDATE OF r", ""))
    monkeypatch.setattr(expire, "CLAIM_ENTRIES", claim.replace("FOR NO KEY UPDATE OF r SKIP LOCKED", ""))
    monkeypatch.setattr(expire, "EXPIRE", ending.replace("e.state = 'unpaid' AND", ""))
    monkeypatch.setattr(plan, "_CANCEL", cancel.replace("AND state = 'unpaid'", ""))
    # Seats of others, so that the counter has something to lose.
    for passport in candidates(stage, 20):
        services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    faults_found = set()
    for order in SHUFFLED:
        passport = somebody(stage, speaking=False)
        answers = orders.play(order, deeds(passport))
        faults_found |= broken() & {"I2"}
        if answers["pay"] and states(passport)["1"] != "paid":
            faults_found.add("paid and ended")
        if len(faults_found) == 2:
            break
    assert faults_found == {"I2", "paid and ended"}

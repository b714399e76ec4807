"""Races for one payment over real HTTP with several worker processes (proofs a6, a15, b1, b8)."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from baokao.payments import providers
from baokao.payments import services as payments
from baokao.payments.models import LedgerRow, Settlement
from baokao.registration import services
from baokao.registration.models import Entry
from tests.cast import NOW, SITTING, set_stage
from tests.payments.bank import Bank
from tests.payments.wire import ENVIRONMENT, Notice
from tests.races.ddl import without
from tests.races.people import broken, candidates
from tests.races.volley import fire, giving_up

pytestmark = [pytest.mark.django_db(transaction=True)]

ONCE = ("one_settlement_a_trade", "one_booking_a_deed", "an_entry_is_paid_once", "one_allotment_a_line")


@pytest.fixture(scope="module")
def _paying_site(start_site):
    site = start_site(**ENVIRONMENT)
    yield site
    site.stop()


@pytest.fixture(autouse=True)
def known_here(monkeypatch):
    """Services that a test calls by itself know the provider too, which has nothing to say to them."""
    bank = Bank()
    monkeypatch.setattr(providers, "configured", lambda: {"alipay": bank})


@pytest.fixture
def paying_site(transactional_db, _paying_site):
    _paying_site.begin()
    return _paying_site


def attempts(count, codes="1"):
    """So many candidates of 993010, each with an attempt at paying these subjects."""
    found = []
    for passport in candidates(set_stage(), count):
        services.save_entries(passport.id, SITTING, frozenset(codes), NOW)
        found.append((passport, payments.start(passport.id, SITTING, frozenset(codes), "alipay", "", NOW)))
    return found


def states():
    return sorted(Entry.objects.values_list("state", flat=True))


@pytest.mark.parametrize("times", [2, 16, 100])
def test_b1_a15_one_notification_at_once_is_booked_once_and_acknowledged_each_time(paying_site, times):
    [(_, attempt)] = attempts(1)
    answers = delivered(paying_site.url, [Notice(attempt)] * times)
    assert {(answer.status, answer.body) for answer in answers} == {(200, "success")}
    assert (Settlement.objects.count(), LedgerRow.objects.count(), states()) == (1, 2, ["paid"])


@pytest.mark.breaks_invariants
def test_b1_control_without_lock_and_constraints_it_is_booked_twice(unprotected_site):
    with without(*ONCE), one_attempt_may_have_several_settlements():
        site = unprotected_site("attempt-lock")
        # A race need not be lost at the first try; several payments try.
        for _, attempt in attempts(12):
            fire(site.url, [Notice(attempt)] * 16)
            if Settlement.objects.filter(attempt=attempt).count() > 1:
                break
        assert Settlement.objects.filter(attempt=attempt).count() > 1
        assert Settlement.objects.filter(attempt=attempt).exclude(allotments__refund=None).exists()


def test_a6_paid_expired_and_given_up_at_once(paying_site):
    """For each candidate one of the three, and whichever came first: the money is on one entry."""
    people = attempts(12)
    late = NOW + timedelta(hours=25)
    for passport, attempt in people:
        clock = threading.Thread(target=expire, args=(late,))
        clock.start()
        answers = fire(paying_site.url, [giving_up(passport), Notice(attempt), giving_up(passport), Notice(attempt)])
        clock.join()
        assert not [answer.status for answer in answers if answer.failed]
    assert states() == ["paid"] * len(people)


def test_a6_money_that_comes_while_the_attempt_is_being_ended(paying_site, monkeypatch):
    """The provider said «not paid» a moment ago; the notification overtakes what follows from that."""
    ask = import_module("baokao.payments.services.ask")
    for _, attempt in attempts(12):
        ending = threading.Thread(target=end, args=(ask, attempt))
        ending.start()
        [answer] = fire(paying_site.url, [Notice(attempt)])
        ending.join()
        assert answer.body == "success"
        attempt.refresh_from_db()
        assert attempt.state == "paid"
    assert states() == ["paid"] * 12
    assert not Entry.objects.exclude(lock="").exists()


def delivered(url, notices, rounds=20):
    """The answers to all of them; who is told that the house is busy (503) sends again, as the provider does."""
    answers, left = [], notices
    for _ in range(rounds):
        told = fire(url, left)
        answers += [answer for answer in told if answer.status != 503]
        left = [notice for notice, answer in zip(left, told, strict=True) if answer.status == 503]
        if not left:
            return answers
    raise AssertionError(f"{len(left)} of {len(notices)} were still refused after {rounds} rounds")


@contextmanager
def one_attempt_may_have_several_settlements():
    """Django gives this unique constraint no name of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'payments_settlement'::regclass AND contype = 'u'"
        )
        [(name,)] = cursor.fetchall()
        cursor.execute(f"ALTER TABLE payments_settlement DROP CONSTRAINT {name}")
        yield
        cursor.execute("TRUNCATE payments_settlement CASCADE")
        cursor.execute(f"ALTER TABLE payments_settlement ADD CONSTRAINT {name} UNIQUE (attempt_id)")


def end(ask, attempt):
    try:
        ask._end(attempt, NOW + timedelta(minutes=30), tells=False)
    finally:
        connection.close()


def expire(moment):
    try:
        services.expire_entries(moment)
    finally:
        connection.close()


def test_b8_two_attempts_for_one_entry_paid_at_once_one_goes_back(paying_site):
    for passport, first in attempts(8):
        import_module("baokao.payments.services.ask")._end(first, NOW + timedelta(minutes=30), tells=False)
        second = payments.start(passport.id, SITTING, frozenset("1"), "alipay", "", NOW + timedelta(minutes=31))
        answers = fire(paying_site.url, [Notice(first), Notice(second)] * 3)
        assert {answer.body for answer in answers} == {"success"}
        refunds = [s.refunds.count() for s in Settlement.objects.filter(attempt__in=[first, second])]
        assert sorted(refunds) == [0, 1]
    assert states() == ["paid"] * 8
    assert not broken() & {"I5", "I6", "I7", "I9"}

"""Messages of several late payments for the same offerings in crossing order: none waits for one that waits for it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from baokao.core import faults
from baokao.payments import providers
from baokao.payments import services as payments
from baokao.payments.models import Attempt, Settlement
from baokao.registration import services
from baokao.registration.models import Entry
from baokao.registration.services import paying
from tests.cast import NOW, SITTING, set_stage
from tests.payments.bank import AnotherBank, together
from tests.races.people import candidates

pytestmark = [pytest.mark.django_db(transaction=True)]

LATE = NOW + timedelta(hours=26)
# Long enough for the other to have taken its first seat.
BETWEEN = 0.1


@pytest.fixture
def bank(monkeypatch):
    """A provider that tells of several payments in one message; and between two payments of one some time goes by."""
    made = AnotherBank()
    monkeypatch.setattr(providers, "configured", lambda: {"payease": made})
    monkeypatch.setattr(faults, "point", lambda name: time.sleep(BETWEEN * (name == "pay.before_settle_commits")))
    return made


def late_payments(bank, codes):
    """A candidate a letter of `codes`, whose attempt at this subject ended and whose entry with it, and who paid."""
    found = []
    for passport, code in zip(candidates(set_stage(), len(codes)), codes, strict=True):
        services.save_entries(passport.id, SITTING, frozenset(code), NOW)
        found.append(payments.start(passport.id, SITTING, frozenset(code), "payease", "", NOW))
    payments.end_for_another(Attempt.objects.all(), NOW + timedelta(minutes=31))
    services.expire_entries(NOW + timedelta(hours=25))
    assert set(Entry.objects.values_list("state", flat=True)) == {"expired"}
    return [bank.pay(attempt.number, attempt.amount) for attempt in found]


def heard_at_once(messages):
    """What each came to, all released together."""
    barrier = threading.Barrier(len(messages))

    def hear(message):
        try:
            connection.ensure_connection()
            barrier.wait()
            return payments.hear("payease", message, "192.0.2.9", LATE)
        except OperationalError as failed:
            return str(failed)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(messages)) as pool:
        return list(pool.map(hear, messages))


def crossing(bank):
    """Two messages: of one seat each in 英语四级 and 日语四级, and of the same the other way round."""
    first, second, third, fourth = late_payments(bank, "1441")
    return heard_at_once([together(first, second), together(third, fourth)])


def test_d6_messages_of_late_payments_in_crossing_order_are_both_booked(bank):
    assert crossing(bank) == [True, True]
    assert Settlement.objects.count() == Entry.objects.filter(state="paid").count() == 4


def test_d6_control_without_the_places_locked_before_one_is_thrown_out(bank, monkeypatch):
    monkeypatch.setattr(paying, "lock_places", lambda *_: None)
    found = crossing(bank)
    assert "deadlock detected" in str(found)
    assert found.count(True) == 1, "the other is booked"


def test_d6_what_is_paid_in_time_locks_nobody_out(bank, monkeypatch):
    """No offering's row is held for money that takes no seat, however long its booking takes."""
    [passport, other] = candidates(set_stage(), 2)
    services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    attempt = payments.start(passport.id, SITTING, frozenset("1"), "payease", "", NOW)
    message = bank.pay(attempt.number, attempt.amount)
    entering = threading.Event()

    def meanwhile(name):
        if name == "pay.before_settle_commits":
            entering.set()
            time.sleep(1)

    monkeypatch.setattr(faults, "point", meanwhile)
    with ThreadPoolExecutor(1) as pool:
        booking = pool.submit(heard_at_once, [message])
        assert entering.wait(10)
        began = time.monotonic()
        services.save_entries(other.id, SITTING, frozenset("1"), NOW)
        assert time.monotonic() - began < 0.9
        assert booking.result() == [True]

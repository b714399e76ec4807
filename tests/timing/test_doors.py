"""No door tells by its time who is known behind it (proofs e1, e2; rules A4, A5, A8, B3).

Measured in this process on the real database: of recovery the whole request, of the others the service, which is all in
which two kinds could differ (that their pages are alike is tested beside the rules). In the same run one kind is
measured twice: how far it seems to differ from itself is the noise. Each measure has a control with the protection
taken away, which is found.
"""

import contextlib
import os
import sys
import uuid

import pytest
from django.test import Client

from baokao.core import clock
from baokao.core.captcha import tokens
from baokao.core.crypto.digests import digests
from baokao.core.throttle import Limit
from baokao.core.verdict import RefusedError
from baokao.passport import hashing, services
from baokao.passport import limits as passport_limits
from baokao.registration import limits as registration_limits
from baokao.registration import services as registering
from baokao.registration.models import Registration
from baokao.roster.models import StudentRecord
from baokao.roster.queries import has_photo
from baokao.roster.rules import name_key, number_key
from tests.cast import SITTING, a_candidate, a_passport, set_stage
from tests.timing.measure import differs, interleaved, told

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600), pytest.mark.django_db(transaction=True)]

ROUNDS = int(os.environ.get("TIMING_ROUNDS", "10000"))
CONTROL_ROUNDS = min(ROUNDS, 3000)
SEED = 20170920
NUMBER = "993010WW1000"


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch):
    """The throttles count, and never refuse: the same statements, other figures."""
    for module in (passport_limits, registration_limits):
        for name, limit in vars(module).items():
            if isinstance(limit, Limit):
                monkeypatch.setattr(module, name, Limit(limit.scope, 10_000_000, limit.period))


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """The same hasher at a twentieth of its cost, for time's sake."""
    monkeypatch.setattr(hashing.Argon2id, "memory_cost", 1024)
    hashing.nobodys_password.cache_clear()
    yield
    hashing.nobodys_password.cache_clear()


def asking(service, *arguments):
    """A kind of call, which the service refuses."""

    def act():
        with contextlib.suppress(RefusedError):
            service(*arguments, clock.now())
            raise AssertionError("it was not refused")

    return lambda: act


def alike(kinds, record_property):
    """Each kind against the first, within the bound; the first against itself is the noise."""
    first, *others = kinds
    taken = interleaved(kinds | {"the same": kinds[first]}, ROUNDS, SEED)
    for other in ["the same", *others]:
        record_property("", told(taken, first, other))
    for other in ["the same", *others]:
        assert not differs(taken[first], taken[other]), told(taken, first, other)


def apart(kinds):
    """The control: without its protection the first kind is told from the second."""
    first, other = kinds
    taken = interleaved(kinds, CONTROL_ROUNDS, SEED)
    assert differs(taken[first], taken[other]), told(taken, first, other)


def sign_ins():
    a_passport("yanming@example.com")
    accounts = {"known account": "yanming@example.com", "unknown account": "nobody1@example.com"}
    return {
        name: asking(services.sign_in, account, "not the password", "192.0.2.7") for name, account in accounts.items()
    }


def test_e1_signing_in_takes_the_same_time_for_known_and_unknown_accounts(record_property):
    alike(sign_ins(), record_property)


def test_e1_control_without_a_hash_for_nobody(monkeypatch):
    real, nobody = hashing.matches, hashing.nobodys_password()
    monkeypatch.setattr(hashing, "matches", lambda password, encoded: encoded != nobody and real(password, encoded))
    apart(sign_ins())


def recoveries():
    a_passport("yanming@example.com")
    client = Client()

    def asking_for(email):
        def prepare():
            form = {"email": email, "captcha": "8888", "captcha_token": tokens.issue("recover")}
            return lambda: client.post("/passport/recover/", form)

        return prepare

    return {
        "known address": asking_for("yanming@example.com"),
        "unknown address": asking_for("nobody1@example.com"),
    }


def test_e2_recovery_takes_the_same_time_for_known_and_unknown_addresses(record_property):
    alike(recoveries(), record_property)


def test_e2_control_looking_the_account_up_in_the_request(monkeypatch):
    def at_once(account, client, now):
        services.mail_recovery(account, now, uuid.uuid4(), now)

    monkeypatch.setattr(services, "ask_recovery", at_once)
    apart(recoveries())


MISSES = {
    "another name": ("6", NUMBER, "颜鸣"),
    "another type": ("4", NUMBER, "颜明"),
    "no such number": ("6", "993010WW1999", "颜明"),
    "nothing right": ("4", "993010WW1999", "颜鸣"),
}


def retrievals(names):
    a_candidate(set_stage(), number=NUMBER)
    return {name: asking(registering.retrieve_account, *MISSES[name], "192.0.2.7") for name in names}


def test_e2_retrieval_takes_the_same_time_for_every_kind_of_miss(record_property):
    alike(retrievals(MISSES), record_property)


def test_e2_control_a_retrieval_that_reads_on_when_the_number_is_known(monkeypatch):
    def naive(id_type, number, name):
        found = Registration.objects.filter(id_number_digest__in=digests("id_number", number), state="live")
        one = found.select_related("passport", "sitting").order_by("-sitting_id").first()
        return one.id if one and one.id_type == id_type and name_key(one.name) == name else None

    monkeypatch.setattr(sys.modules["baokao.registration.services.retrieve"], "latest_registration", naive)
    apart(retrievals(["another name", "no such number"]))


def look_ups(names):
    a_candidate(set_stage(), number=NUMBER)
    passport = a_passport().id
    return {name: asking(registering.look_up, passport, SITTING, *MISSES[name], "192.0.2.7") for name in names}


def test_e2_the_look_up_takes_the_same_time_for_every_kind_of_miss(record_property):
    alike(look_ups(MISSES), record_property)


def test_e2_control_a_look_up_that_reads_the_record_when_the_number_is_known(monkeypatch):
    def naive(sitting, id_type, number, name):
        wanted = digests("id_number", number_key(number))
        living = StudentRecord.objects.filter(sitting_id=sitting, id_number_digest__in=wanted, removed_at__isnull=True)
        one = living.select_related("campus__school__province", "written_campus__school").first()
        # Read for the page before it is asked whether the page may be shown.
        assert one is None or (one.id_number and not has_photo(one.id))
        return one if one and one.id_type == id_type and one.name_key == name_key(name) else None

    monkeypatch.setattr(sys.modules["baokao.registration.services.look_up"], "find_record", naive)
    apart(look_ups(["another name", "no such number"]))

"""A key taken out of its ring too early is noticed, and costs nothing (docs/keys.md)."""

from importlib import import_module

import pytest

from baokao.core.checks import environment, keys
from baokao.core.crypto.keys import keyring
from baokao.core.crypto.sealed import key_id
from baokao.passport import services
from baokao.passport.models import Passport
from baokao.passport.services import NewPassport
from tests.cast import NOW, PASSWORD
from tests.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

ONE, TWO = bytes(range(32)), bytes(range(32, 64))
MOBILE = "13800001234"


@pytest.fixture
def passport(settings):
    settings.ENCRYPTION_KEYS, settings.DIGEST_KEYS = {1: ONE}, {1: TWO}
    return services.register(NewPassport("a@example.com", PASSWORD, MOBILE), NOW)


def rotate(capsys, *more):
    command = import_module("baokao.commands.rotate_keys")
    arguments = type("Arguments", (), {"digests": False, "batch": 500})
    return command.run(arguments), capsys.readouterr()


def test_nothing_is_missing_while_the_ring_holds_every_key(passport):
    assert keys.findings() == []


def test_check_counts_what_stands_under_a_missing_key(passport, settings):
    settings.ENCRYPTION_KEYS, settings.DIGEST_KEYS = {2: TWO}, {2: ONE}
    said = [str(finding) for finding in keys.findings()]
    assert any("1 values of passport_passport.mobile_sealed stand under key 1" in one for one in said)
    assert any("1 values of passport_passport.mobile_digest stand under key 1" in one for one in said)
    assert any("core_outbox.payload" in one for one in said)


def test_rotating_without_the_old_key_stops_with_a_sentence_and_changes_nothing(passport, settings, capsys):
    before = Passport.objects.values("mobile_sealed", "mobile_digest").get()
    settings.ENCRYPTION_KEYS = {2: TWO}
    code, said = rotate(capsys)
    assert code == 1
    assert "key 1 is not in the ring" in said.err
    assert Passport.objects.values("mobile_sealed", "mobile_digest").get() == before
    settings.ENCRYPTION_KEYS = {1: ONE, 2: TWO}
    assert rotate(capsys)[0] == 0
    settings.ENCRYPTION_KEYS = {2: TWO}
    assert Passport.objects.get().mobile == MOBILE


def test_the_old_key_goes_on_sealing_until_every_machine_knows_the_new_one(passport, settings):
    settings.ENCRYPTION_KEYS, settings.SEAL_WITH = {1: ONE, 2: TWO}, 1
    passport.mobile = "13911112222"
    assert key_id(passport.mobile_sealed) == 1
    settings.SEAL_WITH = 0
    passport.mobile = "13911112222"
    assert key_id(passport.mobile_sealed) == 2
    assert keyring("digest").current == 1


def test_control_a_machine_that_does_not_know_the_new_key_fails_on_what_another_wrote(passport, settings):
    client = signed_in_client(passport)
    client.raise_request_exception = False
    settings.ENCRYPTION_KEYS = {1: ONE, 2: TWO}
    passport.mobile = MOBILE
    passport.save()
    assert client.get("/passport/").status_code == 200
    settings.ENCRYPTION_KEYS = {1: ONE}
    assert client.get("/passport/").status_code == 500


def test_sealing_with_a_key_that_is_not_there_is_unsafe(settings):
    settings.ENCRYPTION_KEYS, settings.SEAL_WITH = {1: ONE}, 2
    assert any("BAOKAO_SEAL_WITH" in finding.sentence for finding in environment.findings())

"""Identifiers are sealed and looked up by keyed digest (rule H2)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baokao.config import place
from baokao.core.crypto import digests, rotation, sealed
from baokao.core.crypto.fields import registered
from baokao.core.crypto.keys import UnknownKey
from baokao.passport.models import Passport

ONE, TWO = bytes(range(32)), bytes(range(1, 33))
NUMBER = "110101199001011237"
PROGRAM = sorted((place.BASE / "baokao").rglob("*.py"))
BY_HAND = re.compile(r"crypto\.sealed import .*\bseal\b")


@pytest.fixture(autouse=True)
def one_key(settings):
    settings.ENCRYPTION_KEYS = {1: ONE}
    settings.DIGEST_KEYS = {1: ONE}


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again(text):
    assert sealed.unseal(sealed.seal(text, "t.c", b"d"), "t.c", b"d") == text


def test_a_sealed_text_says_how_it_was_sealed():
    blob = sealed.seal(NUMBER, "t.c", b"d")
    assert blob[0] == sealed.AES_256_GCM
    assert sealed.key_id(blob) == 1
    assert len(blob) == 2 + 12 + len(NUMBER) + 16
    assert NUMBER.encode() not in blob
    assert blob != sealed.seal(NUMBER, "t.c", b"d"), "the same number twice must not look the same"


@pytest.mark.parametrize(("context", "digest"), [("t.other", b"d"), ("t.c", b"e"), ("t.", b"c|d")])
def test_a_value_moved_to_another_row_or_column_does_not_open(context, digest):
    with pytest.raises(sealed.Unsealable):
        sealed.unseal(sealed.seal(NUMBER, "t.c", b"d"), context, digest)


@pytest.mark.parametrize("position", range(0, 48, 3))
def test_a_changed_byte_does_not_open(position):
    blob = bytearray(sealed.seal(NUMBER, "t.c", b"d"))
    blob[position] ^= 1
    with pytest.raises((sealed.Unsealable, UnknownKey)):
        sealed.unseal(bytes(blob), "t.c", b"d")


def test_a_key_that_is_gone_is_named(settings):
    blob = sealed.seal(NUMBER, "t.c", b"d")
    settings.ENCRYPTION_KEYS = {2: TWO}
    with pytest.raises(UnknownKey, match="key 1"):
        sealed.unseal(blob, "t.c", b"d")


def test_digests_depend_on_purpose_text_and_key(settings):
    first = digests.digest("id_number", NUMBER)
    assert len(first) == digests.LENGTH
    assert first == digests.digest("id_number", NUMBER)
    assert first != digests.digest("mobile", NUMBER)
    assert first != digests.digest("id_number", NUMBER[:-1] + "X")
    settings.DIGEST_KEYS = {1: ONE, 2: TWO}
    assert digests.digests("id_number", NUMBER) == [digests.digest("id_number", NUMBER), first]
    assert digests.digest("id_number", NUMBER)[0] == 2


def test_every_sealed_column_of_the_site_is_known_to_rotation():
    found = {f"{entry.model._meta.label}.{entry.text.name}" for entry in registered()}
    assert {"passport.Passport.mobile", "passport.Passport.id_number", "roster.StudentRecord.id_number"} <= found


def test_nothing_is_sealed_that_rotation_does_not_know():
    """Whoever seals by hand names the place in rotation.columns(), or its values would be lost with their key."""
    files = {path.relative_to(place.BASE / "baokao").as_posix(): path.read_text() for path in PROGRAM}
    by_hand = {name for name, text in files.items() if BY_HAND.search(text) and not name.startswith("core/crypto/")}
    assert by_hand == {
        "core/captcha/pool.py", "core/outbox/write.py", "roster/imports/records.py", "roster/imports/scores.py"
    }  # fmt: skip
    known = {column.context for column in rotation.columns()}
    assert known >= {
        "core_captchapicture.answer", "core_outbox.payload", "roster_studentrecord.id_number",
        "roster_pastscore.id_number",
    }  # fmt: skip


def make_passports(count: int) -> list[Passport]:
    made = []
    for number in range(count):
        passport = Passport(account=f"a{number}@example.com", account_folded=f"a{number}@example.com", password="x")
        passport.registered_at = "2017-09-20T06:00:00Z"
        passport.mobile = f"1380000{number:04}"
        if number % 2:
            passport.id_number = NUMBER
        passport.save()
        made.append(passport)
    return made


@pytest.mark.django_db
def test_a_model_reads_and_finds_what_it_sealed():
    passport = make_passports(2)[1]
    read = Passport.objects.get(id=passport.id)
    assert (read.mobile, read.id_number) == ("13800000001", NUMBER)
    assert Passport.objects.get(mobile_digest__in=Passport.mobile.search("13800000001")) == passport
    read.id_number = ""
    assert (read.id_number, read.id_number_sealed, read.id_number_digest) == ("", None, None)


@pytest.mark.django_db
def test_rotation_seals_anew_and_can_be_interrupted(settings):
    passports = make_passports(7)
    settings.ENCRYPTION_KEYS = {1: ONE, 2: TWO}
    steps = rotation.reseal(batch=2)
    next(steps)
    steps.close()
    assert Passport.objects.get(id=passports[6].id).mobile.startswith("138"), "half-way, every row opens"
    moved = [progress.moved for progress in rotation.reseal(batch=2)]
    assert moved, "what the first run left was moved by the second"
    assert list(rotation.reseal(batch=2)) == [], "and a third finds nothing"
    settings.ENCRYPTION_KEYS = {2: TWO}
    for number, passport in enumerate(passports):
        assert Passport.objects.get(id=passport.id).mobile == f"1380000{number:04}"


@pytest.mark.django_db
def test_rotation_does_not_overwrite_what_changed_meanwhile(settings, monkeypatch):
    (passport,) = make_passports(1)
    settings.ENCRYPTION_KEYS = {1: ONE, 2: TWO}
    original = rotation._resealed

    def changed_meanwhile(column, blob, found):
        again = Passport.objects.get(id=passport.id)
        again.mobile = "13911112222"
        again.save()
        return original(column, blob, found)

    monkeypatch.setattr(rotation, "_resealed", changed_meanwhile)
    list(rotation.reseal())
    assert Passport.objects.get(id=passport.id).mobile == "13911112222"


@pytest.mark.django_db
def test_digest_rotation_moves_digest_and_seal_together(settings):
    passports = make_passports(5)
    settings.DIGEST_KEYS = {1: ONE, 2: TWO}
    assert Passport.objects.filter(mobile_digest__in=Passport.mobile.search("13800000003")).count() == 1
    list(rotation.redigest(batch=2))
    settings.DIGEST_KEYS = {2: TWO}
    found = Passport.objects.get(mobile_digest__in=Passport.mobile.search("13800000003"))
    assert found == passports[3]
    assert (found.mobile, found.id_number) == ("13800000003", NUMBER)

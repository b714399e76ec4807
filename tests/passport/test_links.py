"""Signed links: for one purpose, one passport, for a time, and dead once what they depend on has changed (A3, A5)."""

from datetime import timedelta

import pytest

from baokao.passport import links
from baokao.passport.links import LIFETIMES, Fate, Purpose
from baokao.passport.models import Passport
from tests.cast import NOW, a_passport

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_names_its_passport_until_its_last_second(purpose):
    passport = a_passport()
    token = links.token(purpose, passport, NOW)
    last = NOW + LIFETIMES[purpose] - timedelta(seconds=1)
    assert links.passport_of(purpose, token, last) == passport
    assert links.passport_of(purpose, token, last + timedelta(seconds=1)) is None


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_is_for_one_purpose(purpose):
    token = links.token(purpose, a_passport(), NOW)
    for other in set(Purpose) - {purpose}:
        assert links.passport_of(other, token, NOW) is None


@pytest.mark.parametrize(
    ("changed", "alive"),
    [
        ({"account": "other@example.com"}, set()),
        ({"account": "P@EXAMPLE.COM"}, set()),
        ({"password": "!"}, {Purpose.VERIFY, Purpose.DISOWN}),
        ({"epoch": 7}, set(Purpose)),
        ({"ended_at": NOW}, set()),
    ],
)
def test_a_link_dies_with_what_it_depends_on(changed, alive):
    passport = a_passport("p@example.com")
    tokens = {purpose: links.token(purpose, passport, NOW) for purpose in Purpose}
    Passport.objects.filter(id=passport.id).update(**changed)
    assert {purpose for purpose, token in tokens.items() if links.passport_of(purpose, token, NOW)} == alive


@pytest.mark.parametrize(
    ("changed", "fate"),
    [
        ({}, Fate.ALIVE),
        ({"account": "other@example.com"}, Fate.CHANGED),
        ({"ended_at": NOW}, Fate.ENDED),
    ],
)
def test_who_holds_a_link_is_told_what_became_of_it(changed, fate):
    passport = a_passport("p@example.com")
    token = links.token(Purpose.VERIFY, passport, NOW)
    if changed:
        Passport.objects.filter(id=passport.id).update(**changed)
    found = links.look(Purpose.VERIFY, token, NOW)
    assert (found.fate, found.passport is not None) == (fate, fate == Fate.ALIVE)
    assert links.look(Purpose.DISOWN, token, NOW).fate == Fate.FORGED
    over = links.look(Purpose.VERIFY, token, NOW + LIFETIMES[Purpose.VERIFY])
    assert over.fate == (Fate.OVER if fate == Fate.ALIVE else fate)


def test_a_link_stands_at_each_base_address(settings):
    settings.BASE_URLS = ["https://a.example", "https://b.example"]
    found = links.addresses(Purpose.VERIFY, "passport:verify", a_passport(), NOW)
    assert [address.partition("/passport/verify/")[0] for address in found] == settings.BASE_URLS


def test_a_link_that_was_tampered_with_names_nobody():
    token = links.token(Purpose.RESET, a_passport(), NOW)
    stranger = links.token(Purpose.RESET, a_passport(), NOW)
    for forged in (
        "",
        "x",
        token[:-1],
        token + "A",
        token.swapcase(),
        f"{stranger.split(':')[0]}:{token.split(':')[1]}",
    ):
        assert links.passport_of(Purpose.RESET, forged, NOW) is None

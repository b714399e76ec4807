"""A new secret key ends neither a session nor a link while the old one still verifies (docs/keys.md; proofs e6, e7)."""

import pytest

from baokao.core import clock
from baokao.core.captcha import tokens
from baokao.passport import links
from baokao.passport.links import Fate, Purpose
from tests.cast import a_passport

pytestmark = pytest.mark.django_db

NEW = "n" * 60


@pytest.fixture
def passport():
    return a_passport()


@pytest.mark.parametrize(("old_kept", "status"), [(True, 200), (False, 302)])
def test_e7_a_session_lives_on_while_the_old_key_verifies_and_ends_with_it(
    passport, signed_in, settings, old_kept, status
):
    here = signed_in(passport)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if old_kept else []
    settings.SECRET_KEY = NEW
    assert here.get("/passport/").status_code == status


@pytest.mark.parametrize(("made_known", "status"), [(True, 200), (False, 302)])
def test_e7_a_machine_whose_turn_has_not_come_knows_the_session_only_if_the_new_key_was_made_known(
    passport, signed_in, settings, made_known, status
):
    old, settings.SECRET_KEY = settings.SECRET_KEY, NEW
    here = signed_in(passport)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = old, [NEW] if made_known else []
    assert here.get("/passport/").status_code == status


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize(("old_kept", "fate"), [(True, Fate.ALIVE), (False, Fate.FORGED)])
def test_e6_a_link_of_a_mail_lives_on_while_the_old_key_verifies_and_ends_with_it(
    passport, settings, purpose, old_kept, fate
):
    token = links.token(purpose, passport, clock.now())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if old_kept else []
    settings.SECRET_KEY = NEW
    assert links.look(purpose, token, clock.now()).fate == fate


def test_e5_a_captcha_that_was_shown_lives_on_too(settings):
    token = tokens.issue("login")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], NEW
    assert tokens.check(token, "8888", "login", clock.now())


def test_e7_what_changed_ends_a_session_under_the_old_key_too(passport, signed_in, settings):
    here = signed_in(passport)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], NEW
    passport.epoch += 1
    passport.save()
    assert here.get("/passport/").status_code == 302

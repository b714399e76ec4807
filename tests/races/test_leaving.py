"""An account that ends while a registration is saved for it: one of both, never an ended account that is bound
(rules A2, A3, B7; invariant I4)."""

import pytest

from baokao.core import clock
from baokao.core.captcha import tokens
from baokao.passport import links
from baokao.passport.links import Purpose
from baokao.passport.models import Passport
from baokao.registration import access
from baokao.registration.models import Registration
from tests.cast import PASSWORD, a_passport, a_record, agreed, passports_without_password, set_stage
from tests.races.people import broken
from tests.races.volley import Shot, fire

pytestmark = [pytest.mark.django_db(transaction=True)]


def saving(stage, passport):
    token = access.record_token(passport.id, a_record(stage).id)
    return Shot(passport, "/my/confirm/", (("record", token), ("sure", "on")))


def disowning(passport):
    return Shot(passport, f"/passport/disown/{links.token(Purpose.DISOWN, passport, clock.now())}/", ())


def closing(passport):
    form = {"current": PASSWORD, "captcha": "8888", "captcha_token": tokens.issue("close")}
    return Shot(passport, "/passport/close/", tuple(form.items()))


def rush(site, stage, passport):
    """The account's links pressed and its registration saved, all at once."""
    return fire(site.url, [saving(stage, passport), disowning(passport)] * 4)


def is_bound(passport):
    return Registration.objects.filter(passport=passport, state="live").exists()


def test_b7_an_account_that_is_disowned_while_it_saves_is_bound_or_ended(live_site):
    stage = set_stage()
    for passport in [agreed(passport) for passport in passports_without_password(12)]:
        answers = rush(live_site, stage, passport)
        assert not [answer.status for answer in answers if answer.failed]
        kept = Passport.objects.get(id=passport.id)
        assert is_bound(passport) == (kept.ended_at is None)
        assert any(answer.saved for answer in answers) == is_bound(passport)
    assert "I4" not in broken()


def test_b7_an_account_that_is_closed_while_it_saves_is_bound_or_ended(live_site):
    stage = set_stage()
    for _ in range(4):
        passport = agreed(a_passport())
        answers = fire(live_site.url, [saving(stage, passport), closing(passport)] * 3)
        assert not [answer.status for answer in answers if answer.failed]
        ended = Passport.objects.get(id=passport.id).ended_at is not None
        assert is_bound(passport) != ended
        assert any(answer.location == "/?closed=1" for answer in answers) == ended
    assert "I4" not in broken()


@pytest.mark.breaks_invariants
@pytest.mark.parametrize("protection", ["passport-lock", "passport-hold"])
def test_b7_control_without_the_lock_an_ended_account_is_bound(unprotected_site, protection):
    stage = set_stage()
    site = unprotected_site(protection)
    # A race need not be lost at the first try; several people try.
    for passport in [agreed(passport) for passport in passports_without_password(40)]:
        rush(site, stage, passport)
        if "I4" in broken():
            break
    assert "I4" in broken()

"""One link of a mail is accepted once, over real HTTP with several worker processes (proof a15)."""

import pytest

from baokao.core import clock
from baokao.passport import links
from baokao.passport.links import Purpose
from tests.cast import a_passport, set_stage
from tests.races.volley import Shot, fire

pytestmark = [pytest.mark.django_db(transaction=True)]

DONE = {Purpose.VERIFY: "邮箱验证成功。", Purpose.DISOWN: "账号已注销。"}
BUTTONS = pytest.mark.parametrize("purpose", DONE)


def sixteen_presses_of_one_button(site, purpose):
    """How many were accepted, and the answers of the others."""
    passport = a_passport()
    path = f"/passport/{purpose}/{links.token(purpose, passport, clock.now())}/"
    answers = fire(site.url, [Shot(passport, path, ())] * 16)
    assert not [answer.status for answer in answers if answer.failed]
    return sum(DONE[purpose] in answer.body for answer in answers), [
        answer for answer in answers if DONE[purpose] not in answer.body
    ]


@BUTTONS
def test_a15_one_link_used_16_times_at_once_is_accepted_once(live_site, purpose):
    set_stage()
    accepted, refused = sixteen_presses_of_one_button(live_site, purpose)
    assert accepted == 1
    assert {answer.status for answer in refused} == {410}


@pytest.mark.parametrize(
    ("purpose", "protection"), [(Purpose.VERIFY, "verification"), (Purpose.DISOWN, "passport-lock")]
)
def test_a15_control_without_the_condition_it_is_accepted_several_times(unprotected_site, purpose, protection):
    set_stage()
    site = unprotected_site(protection)
    accepted = 0
    # A race need not be lost at the first try.
    for _ in range(10):
        accepted = max(accepted, sixteen_presses_of_one_button(site, purpose)[0])
        if accepted > 1:
            break
    assert accepted > 1

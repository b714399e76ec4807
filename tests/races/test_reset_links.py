"""One reset link sets one password, over real HTTP with several worker processes (proof a15)."""

import pytest

from baokao.core import clock
from baokao.core.models import AuditRow
from baokao.passport import links
from baokao.passport.hashing import matches
from baokao.passport.models import Passport
from tests.cast import a_passport
from tests.races.volley import Shot, fire

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def passport():
    return a_passport("sixteen@example.com")


def sixteen_resets_with_one_link(site, passport):
    """Each wants a password of its own; those that were told that theirs is set now, and the answers to the others."""
    path = f"/passport/reset/{links.token(links.Purpose.RESET, passport, clock.now())}/"
    wanted = [f"the password number {number}" for number in range(16)]
    shots = [
        Shot(passport, path, (("email", passport.account), ("password", one), ("password2", one))) for one in wanted
    ]
    answers = fire(site.url, shots)
    assert not [answer.status for answer in answers if answer.failed]
    accepted = [one for one, answer in zip(wanted, answers, strict=True) if answer.status == 302]
    return accepted, [answer for answer in answers if answer.status != 302]


def test_a15_one_reset_link_used_16_times_at_once_is_accepted_once(live_site, passport):
    accepted, refused = sixteen_resets_with_one_link(live_site, passport)
    assert len(accepted) == 1
    assert matches(accepted[0], Passport.objects.get().password)
    assert AuditRow.objects.filter(action="passport.reset").count() == 1
    assert all("链接无效、已使用或已过期。" in answer.body for answer in refused)


def test_a15_control_asking_before_writing_accepts_it_several_times(unprotected_site, passport):
    accepted, _ = sixteen_resets_with_one_link(unprotected_site("reset-link"), passport)
    assert len(accepted) > 1

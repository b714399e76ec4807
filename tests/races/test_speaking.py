"""Races for speaking seats, and between a speaking entry and its written one (proofs a1, a3; rules C4, C7; I10)."""

import pytest

from baokao.registration import services
from baokao.registration.models import Entry
from tests.cast import NOW, SITTING
from tests.races.ddl import without
from tests.races.people import broken, candidates
from tests.races.volley import fire, giving_up, speaking
from tests.speaking import NEAR, OWN, set_speaking_stage

pytestmark = [pytest.mark.django_db(transaction=True)]


def speakers(stage, count):
    """Candidates who hold 英语四级笔试."""
    people = candidates(stage, count, subjects="1F")
    for passport in people:
        services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    return people


def live(code):
    return Entry.objects.filter(subject_id=code, state__in=Entry.LIVE).count()


def test_a1_as_many_speaking_entries_as_seats(live_site):
    stage = set_speaking_stage(seats=7)
    answers = fire(live_site.url, [speaking(passport, "F", NEAR) for passport in speakers(stage, 40)])
    assert sum(answer.saved for answer in answers) == live("F") == stage.offering("F", NEAR).taken == 7
    assert all("已报满。" in answer.body for answer in answers if not answer.saved)


def test_a3_one_candidate_at_two_campuses_at_once_has_one_seat(live_site):
    stage = set_speaking_stage()
    [passport] = speakers(stage, 1)
    answers = fire(live_site.url, [speaking(passport, "F", campus) for campus in (NEAR, OWN)] * 10)
    assert all(answer.saved for answer in answers)
    assert live("F") == 1 == stage.offering("F", NEAR).taken + stage.offering("F", OWN).taken


def test_c7_no_speaking_entry_outlives_the_written_one_that_is_given_up_at_once(live_site):
    stage = set_speaking_stage(seats=100)
    for passport in speakers(stage, 8):
        answers = fire(live_site.url, [giving_up(passport, "F"), speaking(passport, "F", NEAR)] * 4)
        assert not [answer.status for answer in answers if answer.failed]
    assert live("1") == live("F") == 0
    assert not {"I2", "I10"} & broken()


@pytest.mark.breaks_invariants
def test_c7_control_without_the_registrations_lock_one_is_left_over(unprotected_site):
    stage = set_speaking_stage(seats=100)
    with without("one_live_written_entry_a_level", "one_live_entry_a_subject", "capacity_is_target_or_taken"):
        site = unprotected_site("registration-lock")
        # A race need not be lost at the first try; several people try.
        for passport in speakers(stage, 30):
            fire(site.url, [giving_up(passport, "F"), speaking(passport, "F", NEAR)] * 8)
            if "I10" in broken():
                break
        assert "I10" in broken()

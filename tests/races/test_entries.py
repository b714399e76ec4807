"""Races for seats and bindings over real HTTP with several worker processes (proofs a1 to a5)."""

import pytest

from baokao.exams.models import Offering
from baokao.registration import access
from baokao.registration.models import Entry, Registration
from tests.cast import a_record, agreed, passports_without_password, set_stage
from tests.races.ddl import without
from tests.races.people import broken, candidates
from tests.races.volley import Shot, fire, written

pytestmark = [pytest.mark.django_db(transaction=True)]

SEATS_GUARDS = ("never_one_seat_too_many", "capacity_is_target_or_taken")
LEVEL_GUARDS = ("one_live_written_entry_a_level", "one_live_entry_a_subject")


def live(**filters):
    return Entry.objects.filter(state__in=Entry.LIVE, **filters).count()


# Seats


def sell(site, people, seats):
    stage = set_stage()
    shots = [written(passport, "1") for passport in candidates(stage, people)]
    offering = stage.set_seats("1", seats)
    return offering, fire(site.url, shots)


@pytest.mark.parametrize(("people", "seats"), [(2, 1), (32, 0), (32, 31), (200, 50), (200, 999)])
def test_a1_as_many_entries_as_seats(live_site, people, seats):
    offering, answers = sell(live_site, people, seats)
    assert not [answer.status for answer in answers if answer.failed]
    assert live(offering=offering) == min(people, seats) == sum(answer.saved for answer in answers)


@pytest.mark.prove
@pytest.mark.parametrize("people", [2, 32, 200, 1000])
@pytest.mark.parametrize("seats", [0, 1, 50, 999])
def test_a1_the_whole_grid(live_site, people, seats):
    test_a1_as_many_entries_as_seats(live_site, people, seats)


def test_a1_control_without_the_counters_condition_seats_are_oversold(unprotected_site):
    with without(*SEATS_GUARDS):
        site = unprotected_site("counter")
        # A race need not be lost at the first try; several crowds try.
        for _ in race_for_seats(site, rounds=10, seats=7, people=100):
            if "I1" in broken():
                break
        assert "I1" in broken()


def race_for_seats(site, rounds, seats=1, people=24):
    """Round after round so many seats come free, and all who have none yet try at once."""
    stage = set_stage()
    shots = [written(passport, "1") for passport in candidates(stage, people)]
    for round_number in range(1, rounds + 1):
        offering = stage.offering("1")
        Offering.objects.filter(id=offering.id).update(target=offering.taken + seats, capacity=offering.taken + seats)
        answers = fire(site.url, shots)
        yield round_number * seats, answers
        shots = [shot for shot, answer in zip(shots, answers, strict=True) if not answer.saved]
        if len(shots) < 2:
            return


def test_a2_one_seat_has_one_winner_and_every_loser_is_told(live_site):
    for held, answers in race_for_seats(live_site, rounds=5):
        assert sum(answer.saved for answer in answers) == 1
        assert all("已报满。" in answer.body for answer in answers if not answer.saved)
        assert live(subject_id="1") == held


@pytest.mark.prove
def test_a2_many_rounds(live_site):
    for _, answers in race_for_seats(live_site, rounds=100, people=120):
        assert sum(answer.saved for answer in answers) == 1


def test_a2_control_without_the_counters_condition_one_seat_has_several_winners(unprotected_site):
    with without(*SEATS_GUARDS):
        site = unprotected_site("counter")
        for _, answers in race_for_seats(site, rounds=20):
            winners = sum(answer.saved for answer in answers)
            if winners > 1:
                break
        assert winners > 1
        assert "I1" in broken()


# One candidate, many submissions


def test_a3_one_candidate_submitting_50_times_at_once_has_one_result(live_site):
    stage = set_stage()
    [passport] = candidates(stage, 1)
    answers = fire(live_site.url, [written(passport, "14")] * 50)
    assert not [answer.status for answer in answers if not answer.saved]
    assert live() == Entry.objects.count() == 2
    assert (stage.offering("1").taken, stage.offering("4").taken) == (1, 1)


def test_a3_control_without_the_registrations_lock_there_are_several(unprotected_site):
    stage = set_stage()
    with without(*LEVEL_GUARDS):
        site = unprotected_site("registration-lock")
        # A race need not be lost at the first try; several people try.
        for passport in candidates(stage, 10):
            fire(site.url, [written(passport, "1")] * 50)
            if "I3" in broken():
                break
        assert "I3" in broken()


def test_a3_even_without_the_lock_the_database_keeps_it_to_one(unprotected_site):
    stage = set_stage()
    [passport] = candidates(stage, 1)
    fire(unprotected_site("registration-lock").url, [written(passport, "1")] * 50)
    assert live() == 1


def test_a5_two_subjects_of_a_level_at_once_leave_one(live_site):
    stage = set_stage()
    for passport in candidates(stage, 6):
        answers = fire(live_site.url, [written(passport, "1"), written(passport, "3")] * 4)
        assert not [answer.status for answer in answers if answer.failed]
        assert live(registration__passport=passport) == 1
    assert stage.offering("1").taken + stage.offering("3").taken == 6


def test_a5_control_without_lock_and_constraint_there_are_two(unprotected_site):
    stage = set_stage()
    with without(*LEVEL_GUARDS):
        site = unprotected_site("registration-lock")
        for passport in candidates(stage, 20):
            fire(site.url, [written(passport, "1"), written(passport, "3")] * 8)
            if "I3" in broken():
                break
        assert "I3" in broken()


# Bindings


def saving(passport, record):
    token = access.record_token(passport.id, record.id)
    return Shot(passport, "/my/confirm/", (("record", token), ("sure", "on")))


def test_a4_two_passports_saving_one_record_cannot_both_win(live_site):
    stage = set_stage()
    people = [agreed(passport) for passport in passports_without_password(16)]
    record = a_record(stage)
    answers = fire(live_site.url, [saving(passport, record) for passport in people])
    assert sum(answer.saved for answer in answers) == 1
    losers = [answer for answer in answers if not answer.saved]
    assert all("该考生已由其他通行证账号报名" in answer.body for answer in losers)
    assert Registration.objects.count() == 1


def test_a4_one_passport_saving_two_records_binds_one(live_site):
    stage = set_stage()
    [passport] = [agreed(passport) for passport in passports_without_password(1)]
    records = [a_record(stage) for _ in range(16)]
    answers = fire(live_site.url, [saving(passport, record) for record in records])
    assert sum(answer.saved for answer in answers) == 1
    assert all("本通行证账号已绑定其他考生。" in answer.body for answer in answers if not answer.saved)


@pytest.mark.parametrize("guard", ["one_live_registration_a_record", "one_live_registration_a_passport"])
def test_a4_control_without_the_constraint_several_bind(live_site, guard):
    stage = set_stage()
    with without(guard):
        if guard.endswith("record"):
            record = a_record(stage)
            shots = [saving(agreed(passport), record) for passport in passports_without_password(16)]
        else:
            [passport] = [agreed(passport) for passport in passports_without_password(1)]
            shots = [saving(passport, a_record(stage)) for _ in range(16)]
        fire(live_site.url, shots)
        assert "I4" in broken()

"""Every clock a second before its time, in that very second and a second after, as the worker's loops run it (rules B9,
C4, C5, C7, C12, H1). What a clock does is told by the mail that it asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.exams.models import WindowPiece
from baokao.registration import loops, services
from baokao.registration.models import Entry, Registration
from baokao.registration.services import end_registration
from tests.cast import NOW, SITTING, a_candidate, a_passport, agreed
from tests.registration.doing import enter, live, mails
from tests.speaking import NEAR, a_piece, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ENDED, ENDING = "registration/expired", "registration/expiring"
EMPTY_ENDED, EMPTY_ENDING = "registration/empty_ended", "registration/empty_ending"


@pytest.fixture
def stage():
    return set_speaking_stage()


def run_loops(moment):
    """The worker's loops of this app, each until it has nothing more to do, standing at a moment."""
    with clock.travel(moment):
        for loop in loops.LOOPS:
            while loop.work():
                pass


def sent(template):
    """How often a mail of that kind was asked for."""
    return sum(one == template for one, _ in mails())


# What people did before the clock runs out


def an_entry(stage):
    enter(a_candidate(stage), "1")


def an_entry_of_a_window_that_is_payable_for_six_hours(stage):
    WindowPiece.objects.filter(kind="written").update(closes_at=NOW + 2 * HOUR, pay_until=NOW + 6 * HOUR)
    an_entry(stage)


def an_entry_of_the_second_piece(stage):
    """The first piece is payable until long after; the second for an hour after it closes."""
    WindowPiece.objects.filter(kind="written").update(closes_at=NOW + HOUR, pay_until=NOW + 40 * HOUR)
    second = a_piece(stage, opens=5 * HOUR, closes=9 * HOUR, kind="written", setter="national")
    WindowPiece.objects.filter(id=second.id).update(pay_until=NOW + 10 * HOUR)
    enter(a_candidate(stage), "1", NOW + 5 * HOUR)


def a_speaking_entry_beside_a_paid_written_one(stage):
    passport = a_speaker(stage)
    Entry.objects.update(state="paid")
    services.save_speaking(passport.id, SITTING, {"F": NEAR}, NOW + 3 * HOUR)


def a_saved_registration(stage):
    a_candidate(stage)


def an_entry_given_up(stage):
    passport = a_candidate(stage)
    enter(passport, "1", NOW + HOUR)
    enter(passport, "", NOW + 4 * HOUR)


def a_new_entry_just_before_the_empty_time_is_over(stage):
    passport = a_candidate(stage)
    enter(passport, "1", NOW + 12 * HOUR - SECOND)
    enter(passport, "", NOW + 13 * HOUR)


def an_entry_that_ended(stage):
    an_entry(stage)
    run_loops(NOW + 24 * HOUR)


@dataclass(frozen=True)
class Clock:
    """What happened before, how long after NOW the clock strikes, and the mail that tells of it."""

    begin: Callable[..., None]
    after: timedelta
    mail: str

    def __str__(self) -> str:
        return f"{self.begin.__name__}, {self.mail.partition('/')[2]}"


CLOCKS = [
    Clock(an_entry, 24 * HOUR, ENDED),
    Clock(an_entry_of_a_window_that_is_payable_for_six_hours, 6 * HOUR, ENDED),
    Clock(an_entry_of_the_second_piece, 10 * HOUR, ENDED),
    Clock(a_speaking_entry_beside_a_paid_written_one, 27 * HOUR, ENDED),
    Clock(an_entry, 22 * HOUR, ENDING),
    Clock(an_entry_of_a_window_that_is_payable_for_six_hours, 4 * HOUR, ENDING),
    Clock(an_entry_of_the_second_piece, 8 * HOUR, ENDING),
    Clock(a_speaking_entry_beside_a_paid_written_one, 25 * HOUR, ENDING),
    Clock(a_saved_registration, 12 * HOUR, EMPTY_ENDED),
    Clock(an_entry_given_up, 16 * HOUR, EMPTY_ENDED),
    Clock(a_new_entry_just_before_the_empty_time_is_over, 25 * HOUR, EMPTY_ENDED),
    Clock(an_entry_that_ended, 36 * HOUR, EMPTY_ENDED),
    Clock(a_saved_registration, 10 * HOUR, EMPTY_ENDING),
    Clock(an_entry_given_up, 14 * HOUR, EMPTY_ENDING),
    Clock(a_new_entry_just_before_the_empty_time_is_over, 23 * HOUR, EMPTY_ENDING),
    Clock(an_entry_that_ended, 34 * HOUR, EMPTY_ENDING),
]


@pytest.mark.parametrize("late", [-SECOND, 0 * SECOND, SECOND], ids=["a second before", "in time", "a second after"])
@pytest.mark.parametrize("striking", CLOCKS, ids=str)
def test_h1_each_clock_strikes_in_its_very_second(stage, striking, late):
    striking.begin(stage)
    run_loops(NOW + striking.after + late)
    assert sent(striking.mail) == (0 if late < 0 * SECOND else 1)


@pytest.mark.parametrize("striking", CLOCKS, ids=str)
def test_c5_b9_no_clock_strikes_twice_however_often_the_worker_starts_anew(stage, striking):
    striking.begin(stage)
    for after in (0 * SECOND, SECOND, 10 * SECOND):
        run_loops(NOW + striking.after + after)
    assert sent(striking.mail) == 1


def test_b9_a_new_entry_a_second_before_keeps_the_registration(stage):
    passport = a_candidate(stage)
    enter(passport, "1", NOW + 12 * HOUR - SECOND)
    run_loops(NOW + 12 * HOUR)
    assert Registration.objects.get(passport=passport).state == "live"
    assert sent(EMPTY_ENDED) == 0


def test_c5_a_worker_that_slept_ends_late_and_warns_of_nothing_that_is_over(stage):
    an_entry(stage)
    run_loops(NOW + 30 * HOUR)
    assert (sent(ENDED), sent(ENDING)) == (1, 0)
    assert Registration.objects.get().empty_since == NOW + 30 * HOUR


# The first clock (rule C4; decision 8)


def deadline(passport):
    return Entry.objects.get(registration__passport=passport, state="unpaid").held_until - NOW


@pytest.fixture
def two_pieces(stage):
    """Open until an hour from now, and again from the fifth hour for days."""
    WindowPiece.objects.filter(kind="written").update(closes_at=NOW + HOUR, pay_until=NOW + 48 * HOUR)
    a_piece(stage, opens=5 * HOUR, closes=99 * HOUR, kind="written", setter="national")
    return stage


def test_c4_within_a_piece_the_first_clock_goes_on_however_often_it_is_taken_again(two_pieces):
    passport = a_candidate(two_pieces)
    for minutes in (0, 10, 20):
        enter(passport, "1", NOW + timedelta(minutes=minutes))
        enter(passport, "", NOW + timedelta(minutes=minutes + 5))
    enter(passport, "1", NOW + timedelta(minutes=30))
    assert deadline(passport) == 24 * HOUR


def test_c4_in_a_later_piece_a_new_clock_begins(two_pieces):
    passport = a_candidate(two_pieces)
    enter(passport, "1")
    enter(passport, "", NOW + HOUR - SECOND)
    enter(passport, "1", NOW + 5 * HOUR)
    assert deadline(passport) == 29 * HOUR


def test_c4_what_was_held_through_the_pause_and_is_given_up_after_it_keeps_its_clock(two_pieces):
    passport = a_candidate(two_pieces)
    enter(passport, "1")
    enter(passport, "", NOW + 6 * HOUR)
    enter(passport, "1", NOW + 7 * HOUR)
    assert deadline(passport) == 24 * HOUR


def test_c4_ending_the_registration_and_saving_it_again_renews_no_clock(stage):
    passport = a_candidate(stage)
    record = Registration.objects.get().record_id
    enter(passport, "1")
    enter(passport, "", NOW + HOUR)
    end_registration(passport.id, SITTING, NOW + 2 * HOUR)
    services.save_registration(passport.id, record, NOW + 3 * HOUR)
    enter(passport, "1", NOW + 4 * HOUR)
    assert deadline(passport) == 24 * HOUR


def test_c4_a_strangers_clock_for_the_same_record_is_nobody_elses(stage):
    stranger, owner = a_candidate(stage), agreed(a_passport())
    record = Registration.objects.get().record_id
    enter(stranger, "1")
    enter(stranger, "", NOW + HOUR)
    end_registration(stranger.id, SITTING, NOW + 2 * HOUR)
    services.save_registration(owner.id, record, NOW + 3 * HOUR)
    enter(owner, "1", NOW + 4 * HOUR)
    assert deadline(owner) == 28 * HOUR
    assert live(owner) == "1"

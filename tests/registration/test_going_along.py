"""What the clocks do to a speaking entry and its written one, in virtual time (rules C5, C7; I2, I10)."""

from datetime import timedelta

import pytest

from baokao.core.invariants import runner
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from baokao.registration.services import expire_entries, warn_of_entries
from tests.cast import NOW, SITTING
from tests.registration.doing import live, mails
from tests.speaking import NEAR, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def passport(stage):
    """Who entered 英语四级笔试 and 日语六级笔试 now, and 英语四级口试 five hours later."""
    found = a_speaker(stage, written="14")
    services.save_speaking(found.id, SITTING, {"F": NEAR}, NOW + 5 * HOUR)
    return found


def test_c7_a_written_entry_that_expires_takes_its_speaking_entry_along(stage, passport):
    assert expire_entries(NOW + 24 * HOUR) == 3
    assert live(passport) == ""
    assert stage.offering("F", NEAR).taken == 0
    assert mails()[-1][1]["subjects"] == ["(1) 英语四级笔试", "(4) 日语六级笔试", "(F) 英语四级口试"]
    assert Registration.objects.get(passport=passport).empty_since == NOW + 24 * HOUR
    assert not {"I2", "I10"} & {found.name for found in runner.run(patience=0)}


def test_c7_a_paid_written_entry_leaves_the_speaking_entry_its_own_clock(stage, passport):
    Entry.objects.filter(subject_id="1").update(state="paid")
    assert expire_entries(NOW + 24 * HOUR) == 1
    assert live(passport) == "1F"
    assert expire_entries(NOW + 29 * HOUR) == 1
    assert live(passport) == "1"


def test_c7_another_written_entry_takes_nothing_along(stage, passport):
    Entry.objects.filter(subject_id="1").update(held_until=NOW + 40 * HOUR)
    assert expire_entries(NOW + 24 * HOUR) == 1
    assert live(passport) == "1F"


def test_c5_the_warning_names_what_goes_along_with_its_earlier_end(stage, passport):
    assert warn_of_entries(NOW + 22 * HOUR) == 3
    ending = {one["label"]: one["held_until"] for one in mails()[-1][1]["ending"]}
    assert ending["(F) 英语四级口试"] == NOW + 24 * HOUR
    assert warn_of_entries(NOW + 28 * HOUR) == 0


def test_c5_a_speaking_entry_of_a_paid_written_one_is_warned_of_in_its_own_time(stage, passport):
    Entry.objects.filter(kind="written").update(state="paid")
    assert warn_of_entries(NOW + 22 * HOUR) == 0
    assert warn_of_entries(NOW + 27 * HOUR) == 1

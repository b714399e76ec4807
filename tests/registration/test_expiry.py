"""The clocks of 24 and 12 hours, in virtual time (rules B9, C4, C5, C12; I8, I12)."""

from datetime import timedelta

import pytest

from baokao.core.models import AuditRow
from baokao.core.verdict import RefusedError
from baokao.exams.models import Offering, WindowPiece
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from baokao.registration.services import expire_entries, expire_registrations
from tests.cast import NOW, a_candidate, a_passport, agreed, set_stage
from tests.registration.doing import enter, live, mails, taken

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def stage():
    return set_stage()


# Entries


def test_c5_an_unpaid_entry_ends_24_hours_after_it_was_made_and_its_seat_is_free(stage):
    passport = a_candidate(stage)
    enter(passport, "14")
    assert expire_entries(NOW + 24 * HOUR - SECOND) == 0
    assert live(passport) == "14"
    assert expire_entries(NOW + 24 * HOUR) == 2
    assert live(passport) == ""
    assert (taken(stage, "1"), taken(stage, "4")) == (0, 0)
    assert set(Entry.objects.values_list("state", "ended_at")) == {("expired", NOW + 24 * HOUR)}


def test_c5_the_candidate_is_told_what_went_and_it_is_audited(stage):
    passport = a_candidate(stage)
    enter(passport, "14")
    expire_entries(NOW + 24 * HOUR)
    template, context = mails()[-1]
    assert (template, context["subjects"]) == ("registration/expired", ["(1) 英语四级笔试", "(4) 日语六级笔试"])
    row = AuditRow.objects.get(action="entries.expired")
    assert (row.actor, row.detail) == ("system", {"subjects": ["1", "4"]})


def test_c5_running_again_ends_nothing_twice(stage):
    enter(a_candidate(stage), "1")
    assert [expire_entries(NOW + 25 * HOUR) for _ in range(3)] == [1, 0, 0]
    assert taken(stage, "1") == 0


def test_c5_a_paid_entry_stays(stage):
    passport = a_candidate(stage)
    enter(passport, "14")
    Entry.objects.filter(subject_id="1").update(state="paid")
    assert expire_entries(NOW + 25 * HOUR) == 1
    assert live(passport) == "1"
    assert Registration.objects.get(passport=passport).empty_since is None


def test_c5_of_two_entries_only_the_older_one_is_due(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    enter(passport, "14", NOW + 5 * HOUR)
    assert expire_entries(NOW + 24 * HOUR) == 1
    assert live(passport) == "4"


def test_c12_an_entry_ends_at_pay_until_if_that_is_earlier(stage):
    WindowPiece.objects.update(closes_at=NOW + 2 * HOUR, pay_until=NOW + 6 * HOUR)
    enter(a_candidate(stage), "1")
    assert expire_entries(NOW + 6 * HOUR - SECOND) == 0
    assert expire_entries(NOW + 6 * HOUR) == 1


def test_c4_taking_a_subject_again_did_not_renew_its_clock(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    enter(passport, "", NOW + HOUR)
    enter(passport, "1", NOW + 2 * HOUR)
    assert expire_entries(NOW + 24 * HOUR) == 1


def test_c5_an_expired_subject_may_be_entered_anew_with_a_new_clock(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    expire_entries(NOW + 24 * HOUR)
    enter(passport, "1", NOW + 30 * HOUR)
    assert Entry.objects.get(state="unpaid").held_until == NOW + 54 * HOUR


def test_g6_a_seat_that_expires_below_its_target_is_withdrawn(stage):
    enter(a_candidate(stage), "1")
    Offering.objects.filter(id=stage.offering("1").id).update(target=0, capacity=1)
    expire_entries(NOW + 24 * HOUR)
    assert (taken(stage, "1"), stage.offering("1").capacity) == (0, 0)


def test_c5_a_batch_leaves_the_rest_for_the_next(stage):
    for passport in [a_candidate(stage) for _ in range(5)]:
        enter(passport, "1")
    assert [expire_entries(NOW + 24 * HOUR, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert taken(stage, "1") == 0


# Registrations


def test_b9_a_registration_without_an_entry_for_12_hours_ends(stage):
    passport = a_candidate(stage)
    assert expire_registrations(NOW + 12 * HOUR - SECOND) == 0
    assert expire_registrations(NOW + 12 * HOUR) == 1
    assert Registration.objects.get(passport=passport).state == "expired"
    assert mails()[-1][0] == "registration/empty_ended"
    assert AuditRow.objects.filter(action="registration.expired", actor="system").count() == 1


def test_b9_the_twelve_hours_begin_anew_when_the_last_entry_goes(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    expire_entries(NOW + 24 * HOUR)
    assert expire_registrations(NOW + 36 * HOUR - SECOND) == 0
    assert expire_registrations(NOW + 36 * HOUR) == 1
    assert not Registration.objects.filter(passport=passport, state="live").exists()


def test_b9_a_registration_with_an_entry_never_ends_by_that_clock(stage):
    enter(a_candidate(stage), "1")
    assert expire_registrations(NOW + 23 * HOUR) == 0


def test_b9_passport_and_record_are_free_again(stage):
    passport = a_candidate(stage)
    record = Registration.objects.get(passport=passport).record_id
    expire_registrations(NOW + 12 * HOUR)
    other = agreed(a_passport())
    assert services.save_registration(other.id, record, NOW + 13 * HOUR)
    with pytest.raises(RefusedError):
        services.save_registration(passport.id, record, NOW + 13 * HOUR)


def test_b9_the_page_says_so_afterwards(stage, signed_in):
    passport = a_candidate(stage)
    expire_registrations(NOW + 12 * HOUR)
    page = signed_in(passport).get("/my/").content.decode()
    assert "未报名或当前通行证账号非报名时账号" in page

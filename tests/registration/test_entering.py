"""Saving entries, against a real database (rules C1 to C6, C13, G6)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from baokao.core import switches
from baokao.core.models import AuditRow, OutboxRow
from baokao.exams.models import Offering, School, SubjectCampus, WindowPiece
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from tests import cast
from tests.cast import NOW, a_candidate, a_passport, a_record, agreed, set_stage
from tests.registration.doing import enter, live, refused, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return set_stage()


# Entries


def test_c4_saving_takes_the_seat_at_once(stage):
    passport = a_candidate(stage)
    saved = enter(passport, "14")
    assert (saved.added, saved.given_up, saved.kept) == (("1", "4"), (), ())
    assert live(passport) == "14"
    assert (taken(stage, "1"), taken(stage, "4")) == (1, 1)
    entry = Entry.objects.get(registration__passport=passport, subject_id="1")
    assert (entry.fee, entry.made_at, entry.held_until) == (stage.offering("1").fee, NOW, NOW + timedelta(hours=24))
    assert Registration.objects.get(passport=passport).empty_since is None


def test_c4_an_entry_leaves_one_audit_row_and_one_mail(stage):
    passport = a_candidate(stage)
    before = OutboxRow.objects.count()
    enter(passport, "14")
    assert AuditRow.objects.filter(action="entries.saved").count() == 1
    assert OutboxRow.objects.count() == before + 1


def test_c4_an_unchanged_submission_keeps_seat_and_clock(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    saved = enter(passport, "1", NOW + timedelta(hours=2))
    assert saved.kept == ("1",)
    assert Entry.objects.get().held_until == NOW + timedelta(hours=24)
    assert taken(stage, "1") == 1
    assert AuditRow.objects.filter(action="entries.saved").count() == 1


def test_c4_a_subject_taken_again_keeps_its_first_clock(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    enter(passport, "", NOW + timedelta(hours=1))
    enter(passport, "1", NOW + timedelta(hours=2))
    assert Entry.objects.get(state="unpaid").held_until == NOW + timedelta(hours=24)
    assert taken(stage, "1") == 1


def test_c4_an_entry_keeps_its_fee(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    kept = Entry.objects.get().fee
    Offering.objects.update(fee=30)
    enter(passport, "14")
    fees = dict(Entry.objects.values_list("subject_id", "fee"))
    assert fees == {"1": kept, "4": 30}


def test_c4_all_or_nothing(stage):
    passport = a_candidate(stage)
    stage.set_seats("4", 0)
    assert refused(enter, passport, "14") == ["已报满。"]
    assert live(passport) == ""
    assert taken(stage, "1") == 0


def test_c4_the_database_refuses_a_seat_too_many_by_itself(stage):
    offering = stage.set_seats("1", 1)
    Offering.objects.filter(id=offering.id).update(taken=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offering.objects.filter(id=offering.id).update(taken=2)


def test_c2_two_of_one_level_save_nothing(stage):
    passport = a_candidate(stage)
    said = refused(enter, passport, "134")
    assert said == ["英语和小语种笔试同级别科目只能报考1科，四级笔试存在多科报考，请检查数据！"]
    assert live(passport) == ""
    assert taken(stage, "4") == 0


def test_c2_the_database_refuses_two_of_one_level_by_itself(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registration_entry (id, sitting_id, registration_id, offering_id, subject_id, level, kind,"
            " way, state, fee, made_at, held_until) SELECT gen_random_uuid(), sitting_id, registration_id, offering_id,"
            " '3', level, kind, way, state, fee, made_at, held_until FROM registration_entry"
        )


def test_c2_a_subject_can_be_changed_for_another_of_its_level(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    saved = enter(passport, "3")
    assert (saved.added, saved.given_up) == (("3",), ("1",))
    assert (taken(stage, "1"), taken(stage, "3")) == (0, 1)


def test_c3_a_subject_one_is_not_eligible_for_is_refused(stage):
    passport = a_candidate(stage, subjects="1")
    assert refused(enter, passport, "4") == ["不具有该科目报考资格。"]


def test_c3_a_subject_that_the_campus_does_not_offer_is_refused(stage):
    passport = a_candidate(stage, campus_id="991010", subjects="13")
    assert refused(enter, passport, "3") == ["本校区未开考。"]


def test_c3_a_code_that_is_no_written_subject_is_refused(stage):
    passport = a_candidate(stage)
    assert refused(enter, passport, "F") == ["本校区未开考。"]


def test_c3_a_school_that_forbids_both_levels(stage):
    passport = a_candidate(stage)
    School.objects.update(allows_both_levels=False)
    assert refused(enter, passport, "14") == ["本校不允许同时报考四级和六级。"]


def test_c1_an_entry_is_at_the_campus_that_the_school_names_for_the_subject(stage):
    record_campus = stage.campus
    main = cast.Campus.objects.create(code="993019", school_id="99301", name="主校区")
    Offering.objects.create(sitting=stage.sitting, campus=main, subject_id="3", fee=1, target=5, capacity=5)
    SubjectCampus.objects.create(sitting=stage.sitting, school_id="99301", subject_id="3", campus=main)
    passport = a_candidate(stage)
    enter(passport, "3")
    assert Entry.objects.get().offering.campus_id == "993019" != record_campus.code


def test_c6_after_closing_nothing_can_be_added_or_given_up(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    late = NOW + timedelta(days=10)
    assert refused(enter, passport, "14", late)[0].endswith("结束。")
    assert refused(enter, passport, "", late)[0].endswith("结束。")
    assert live(passport) == "1"


def test_c6_paid_entries_stay(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    Entry.objects.update(state="paid")
    assert refused(enter, passport, "") == ["已支付科目不可取消报考。"]


def test_g6_a_seat_given_back_below_its_target_is_withdrawn(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    offering = stage.offering("1")
    Offering.objects.filter(id=offering.id).update(target=0, capacity=1)
    enter(passport, "")
    after = stage.offering("1")
    assert (after.taken, after.capacity) == (0, 0)


def test_b9_a_registration_is_empty_since_its_last_entry_went(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    enter(passport, "", NOW + timedelta(hours=3))
    assert Registration.objects.get(passport=passport).empty_since == NOW + timedelta(hours=3)


def test_c13_a_piece_for_own_students_closes_a_campus_for_nobody_else_here(stage):
    WindowPiece.objects.create(
        sitting=stage.sitting, setter="campus", campus=stage.campus, kind="written", group="grade", group_value="04",
        opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=1), pay_until=NOW + timedelta(days=2),
    )  # fmt: skip
    first, fourth = a_candidate_of(stage, "04"), agreed(a_passport())
    enter(first, "1")
    assert refused(services.save_registration, fourth.id, a_record(stage, grade="01").id, NOW) == ["报名时间未公布。"]


def a_candidate_of(stage, grade):
    return a_candidate(stage, grade=grade)


def test_entries_paused_refuses_saving_and_entering(stage):
    passport, another, record = a_candidate(stage), agreed(a_passport()), a_record(stage)
    switches.turn(switches.ENTRIES_PAUSED, True, NOW)
    try:
        assert refused(enter, passport, "1") == ["报考暂停，请稍后再试。已保存的信息不受影响。"]
        assert refused(services.save_registration, another.id, record.id, NOW)
    finally:
        switches.turn(switches.ENTRIES_PAUSED, False, NOW)

"""Saving speaking entries, against a real database (rules C3, C4, C6, C7, C8, C13)."""

from datetime import timedelta

import pytest

from baokao.core.models import AuditRow
from baokao.exams.models import Campus, Offering, School, SittingSubject, WindowPiece
from baokao.registration import services
from baokao.registration.models import Entry
from tests.cast import NOW, SITTING
from tests.registration.doing import enter, live, mails, refused
from tests.speaking import FAR, NEAR, OWN, OWN_OTHER, a_piece, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def stage():
    return set_speaking_stage()


def speak(passport, now=NOW, **places):
    """Submit the speaking page with these subjects ticked, each at a campus."""
    return services.save_speaking(passport.id, SITTING, places, now)


def seats(stage, campus, code="F"):
    return stage.offering(code, campus).taken


# Saving


def test_c8_saving_takes_the_seat_at_the_chosen_campus(stage):
    passport = a_speaker(stage)
    saved = speak(passport, F=NEAR)
    assert (saved.added, saved.given_up, saved.kept) == (("F",), (), ())
    assert live(passport) == "1F"
    assert (seats(stage, NEAR), seats(stage, OWN)) == (1, 0)
    entry = Entry.objects.get(subject_id="F")
    assert (entry.kind, entry.level, entry.way, entry.held_until) == ("speaking", 4, "candidate", NOW + DAY)


def test_c8_saving_leaves_one_audit_row_and_one_mail_that_names_the_campus(stage):
    passport = a_speaker(stage)
    before = AuditRow.objects.filter(action="entries.saved").count()
    speak(passport, F=NEAR)
    assert AuditRow.objects.filter(action="entries.saved").count() == before + 1
    template, context = mails()[-1]
    assert template == "registration/entered"
    assert context["entered"][0]["label"] == "(F) 英语四级口试 (991010)测试学校校区"


def test_c4_an_unchanged_submission_keeps_seat_and_clock(stage):
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    assert speak(passport, NOW + HOUR, F=NEAR).kept == ("F",)
    assert Entry.objects.get(subject_id="F").held_until == NOW + DAY
    assert seats(stage, NEAR) == 1


def test_c6_a_speaking_entry_moves_to_another_campus_without_a_new_clock(stage):
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    saved = speak(passport, NOW + HOUR, F=OWN)
    assert (saved.added, saved.given_up) == (("F",), ("F",))
    assert (seats(stage, NEAR), seats(stage, OWN)) == (0, 1)
    assert Entry.objects.get(subject_id="F", state="unpaid").held_until == NOW + DAY


def test_c4_a_move_to_a_full_campus_keeps_what_there_was(stage):
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    Offering.objects.filter(campus_id=OWN, subject_id="F").update(target=0, capacity=0)
    assert refused(lambda: speak(passport, F=OWN)) == ["已报满。"]
    assert (live(passport), seats(stage, NEAR)) == ("1F", 1)


def test_c6_an_unpaid_speaking_entry_can_be_given_up_alone(stage):
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    assert speak(passport, NOW + HOUR).given_up == ("F",)
    assert (live(passport), seats(stage, NEAR)) == ("1", 0)


def test_c6_a_paid_speaking_entry_can_not_be_given_up(stage):
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    Entry.objects.update(state="paid")
    assert refused(speak, passport) == ["已支付科目不可取消报考。"]


def test_c7_alone_it_is_given_up_within_its_own_campuss_window(stage):
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    WindowPiece.objects.all().delete()
    a_piece(stage, kind="written", setter="national")
    a_piece(stage, setter="national")
    a_piece(stage, setter="campus", campus_id=NEAR, closes=timedelta(0))
    [sentence] = refused(speak, passport)
    assert sentence.startswith("报名已于")
    assert live(passport) == "1F"


# Refusals


def test_c7_speaking_alone_is_impossible(stage):
    passport = a_speaker(stage, written="3")
    assert refused(lambda: speak(passport, F=OWN)) == ["必须先完成英语四级笔试的报考，才可以报考同级别口试。"]
    assert live(passport) == "3"


def test_c8_who_is_not_eligible_is_refused(stage):
    passport = a_speaker(stage, subjects="1F")
    assert "不具有CET六级口试报考资格！" in refused(lambda: speak(passport, S=OWN))


def test_c3_without_an_exam_date_it_cannot_be_entered(stage):
    """The guide's 日语四级口试 (facts, Subjects)."""
    Offering.objects.create(
        sitting=stage.sitting, campus_id=OWN, subject_id="J", fee="0.01", target=5, capacity=5
    )  # fmt: skip
    passport = a_speaker(stage, written="3")
    assert refused(lambda: speak(passport, J=OWN)) == ["考试日期未公布。"]


@pytest.mark.parametrize("place", ["999990", "", "99301x", "991011"])
def test_c3_a_campus_that_is_not_there_or_does_not_offer_it_is_refused(stage, place):
    Campus.objects.create(code="991011", school_id="99101", name="未开考校区")
    passport = a_speaker(stage)
    assert refused(lambda: speak(passport, F=place)) == ["本校区未开考。"]
    assert live(passport) == "1"


def test_c8_a_campus_of_another_province_must_take_the_nation(stage):
    passport = a_speaker(stage)
    assert refused(lambda: speak(passport, F=FAR)) == ["该校区只接受本省考生。"]
    Campus.objects.filter(code=FAR).update(speaking_inbound="nation")
    assert speak(passport, F=FAR).added == ("F",)


def test_c8_a_school_may_keep_its_students(stage):
    School.objects.filter(code="99301").update(speaking_outbound="own")
    passport = a_speaker(stage)
    assert refused(lambda: speak(passport, F=NEAR)) == ["您的学校只允许在本校报考口试。"]
    assert speak(passport, F=OWN_OTHER).added == ("F",)


def test_c8_a_campus_may_narrow_what_its_school_allows_and_never_widens_it(stage):
    passport = a_speaker(stage)
    Campus.objects.filter(code=OWN).update(speaking_outbound="own")
    assert refused(lambda: speak(passport, F=NEAR)) == ["您的学校只允许在本校报考口试。"]
    School.objects.filter(code="99301").update(speaking_outbound="own")
    Campus.objects.filter(code=OWN).update(speaking_outbound="any")
    assert refused(lambda: speak(passport, F=NEAR)) == ["您的学校只允许在本校报考口试。"]


def test_c8_a_campus_opens_later_for_others_than_for_its_own(stage):
    passport = a_speaker(stage)
    WindowPiece.objects.filter(kind="speaking").delete()
    a_piece(stage, setter="campus", campus_id=NEAR, group="own")
    a_piece(stage, setter="campus", campus_id=NEAR, opens=2 * DAY)
    [sentence] = refused(lambda: speak(passport, F=NEAR))
    assert sentence.endswith("开始报名。")
    enter(passport, "")
    enter(passport, "1", NOW + 2 * DAY)
    assert speak(passport, NOW + 2 * DAY, F=NEAR).added == ("F",)
    own = a_speaker(stage, campus_id=NEAR, subjects="1F")
    assert speak(own, F=NEAR).added == ("F",)


def test_c4_several_are_all_or_nothing(stage):
    passport = a_speaker(stage, subjects="12FS", written="12", campus_id=NEAR)
    Offering.objects.filter(campus_id=OWN, subject_id="S").update(target=0, capacity=0)
    assert refused(lambda: speak(passport, F=OWN, S=OWN)) == ["已报满。"]
    assert live(passport) == "12"
    assert speak(passport, F=OWN, S=NEAR).added == ("F", "S")


# What goes along


def test_c7_giving_up_the_written_entry_asks_and_then_takes_speaking_along(stage):
    passport = a_speaker(stage, written="14")
    speak(passport, F=NEAR)
    assert refused(enter, passport, "4") == ["取消笔试科目时，同级别的口试科目 (F) 英语四级口试 将一并取消。"]
    assert live(passport) == "14F"
    saved = services.save_entries(passport.id, SITTING, frozenset("4"), NOW, along=frozenset("F"))
    assert (saved.given_up, saved.kept) == (("1", "F"), ("4",))
    assert (live(passport), seats(stage, NEAR)) == ("4", 0)


def test_c7_it_goes_along_whatever_its_campuss_window(stage):
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    WindowPiece.objects.filter(kind="speaking").delete()
    services.save_entries(passport.id, SITTING, frozenset(), NOW, along=frozenset("F"))
    assert (live(passport), seats(stage, NEAR)) == ("", 0)


def test_c7_another_language_of_the_same_level_takes_it_along_too(stage):
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    saved = services.save_entries(passport.id, SITTING, frozenset("3"), NOW, along=frozenset("F"))
    assert (saved.added, saved.given_up) == (("3",), ("1", "F"))


def test_c7_an_entry_that_was_not_named_does_not_go(stage):
    """Agreed to on a page that knew of less than there is now."""
    passport = a_speaker(stage)
    speak(passport, F=NEAR)
    assert refused(lambda: services.save_entries(passport.id, SITTING, frozenset(), NOW, along=frozenset("S")))
    assert live(passport) == "1F"


def test_c7_a_written_entry_that_stays_keeps_its_speaking_entry(stage):
    passport = a_speaker(stage, written="14")
    speak(passport, F=NEAR)
    enter(passport, "1")
    assert live(passport) == "1F"


def test_c4_an_entry_goes_back_where_it_was_counted_when_the_school_names_another_campus(stage):
    """The offering that an entry counts on is the entry's own, whatever the school names later (rules C1, C4)."""
    from baokao.exams.models import SubjectCampus

    passport = a_speaker(stage)
    SubjectCampus.objects.create(
        sitting=stage.sitting, school_id="99301", subject_id="1", campus_id=OWN_OTHER
    )  # fmt: skip
    enter(passport, "")
    assert seats(stage, OWN, "1") == 0


def test_c8_a_subject_that_the_sitting_lacks_is_refused(stage):
    passport = a_speaker(stage)
    SittingSubject.objects.filter(subject_id="S").delete()
    assert refused(lambda: speak(passport, S=OWN)) == ["本校区未开考。"]

"""Submitting, passing by oneself, and deleting (rules B8, B11, E2 to E5, E7)."""

import pytest

from baokao.core.models import AuditRow
from baokao.exams.models import Offering, Sitting, SittingSubject
from baokao.review import facts, limits, rules
from baokao.review.models import Application
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING, a_candidate, a_passport, a_record, agreed, set_stage
from tests.registration.doing import enter, live, refused
from tests.review.doing import (
    AFTER,
    FAIL,
    OTHER_TICKET,
    PASS,
    TICKET,
    a_score,
    by_review,
    decide,
    eligible,
    letters,
    state,
    submit,
    withdraw,
    work,
)

pytestmark = pytest.mark.django_db
NUMBER = "993010WW4711"
STRANGERS = "993010WW0815"


@pytest.fixture
def stage():
    return set_stage()


@pytest.fixture
def record(stage):
    return a_record(stage, number=NUMBER, subjects="1")


@pytest.fixture
def passport(record):
    return agreed(a_passport())


def test_e3_ticket_and_number_make_eligible_at_once_whatever_the_name(passport, record):
    a_score(NUMBER, name="颜鸣")
    assert submit(passport, record).state == "passed"
    assert by_review(record) == "2S"
    assert letters() == [
        ("review/passed", {"sitting": "2026年下半年CET考试", "subjects": ["英语六级笔试", "英语六级口试"]})
    ]


def test_e3_without_the_speaking_test_in_the_sitting_the_written_alone_is_given(passport, record):
    SittingSubject.objects.filter(subject_id="S").delete()
    a_score(NUMBER)
    submit(passport, record)
    assert by_review(record) == "2"


def test_b8_a_pass_adds_to_a_saved_registration_which_can_enter_at_once(stage):
    passport = a_candidate(stage, number=NUMBER, subjects="1")
    record = StudentRecord.objects.get()
    assert eligible(passport) == "1"
    assert refused(enter, passport, "2") == ["不具有该科目报考资格。"]
    a_score(NUMBER)
    submit(passport, record)
    assert eligible(passport) == "12S"
    enter(passport, "2")
    assert live(passport) == "2"


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"subjects_restricted": "2", "restriction_reason": "处分"}, "处分"),
        ({"subjects_barred": "12", "barred_reason": "作弊"}, "作弊"),
        ({"subjects_restricted": "2", "restriction_reason": "处分", "subjects_barred": "2", "barred_reason": "作弊"},
         "作弊；处分"),
        ({"subjects_restricted": "1", "restriction_reason": "欠费", "subjects_barred": "2", "barred_reason": "作弊"},
         "作弊"),
    ],
    ids=["by the school", "by the national office", "by both", "by the school from another subject"],
)  # fmt: skip
def test_e1_who_is_restricted_by_whomever_can_not_apply(passport, record, columns, reason):
    a_score(NUMBER)
    StudentRecord.objects.update(**columns)
    assert not rules.is_shown(facts.case(record.id, passport.id, "1"))
    assert refused(submit, passport, record) == [f"已被限制报考：{reason}。"]
    assert by_review(record) == ""


def test_e1_a_campus_that_offers_it_no_more_accepts_no_application(passport, record):
    a_score(NUMBER)
    Offering.objects.filter(subject_id="2").update(offered=False, target=0, capacity=0)
    assert not rules.is_shown(facts.case(record.id, passport.id, "1"))
    assert refused(submit, passport, record) == ["本校区未开考英语六级笔试，不能申请复核。"]


def test_b11_a_restriction_stands_above_a_passed_review(stage):
    passport = a_candidate(stage, number=NUMBER, subjects="1")
    a_score(NUMBER)
    submit(passport, StudentRecord.objects.get())
    StudentRecord.objects.update(subjects_restricted="2", restriction_reason="作弊")
    assert eligible(passport) == "1S"


def test_e4_ticket_and_name_wait_and_can_neither_be_changed_nor_deleted(passport, record):
    a_score(STRANGERS)
    a_score(NUMBER, ticket=OTHER_TICKET)
    assert submit(passport, record).state == "pending"
    assert by_review(record) == ""
    assert refused(submit, passport, record, OTHER_TICKET) == [rules.PENDING.message]
    assert refused(withdraw, passport, record) == [rules.PENDING.message]
    assert letters() == []


def test_b3_the_name_is_compared_as_everywhere(stage):
    record, passport = a_record(stage, name="阿依古丽·买买提", subjects="1"), agreed(a_passport())
    a_score(STRANGERS, name="阿依古丽•买买提 ")
    assert submit(passport, record).state == "pending"


@pytest.mark.parametrize(
    "known",
    [{}, {"score": 424}, {"subject": "3"}, {"name": "李博"}],
    ids=["another ticket", "424", "another subject", "neither name nor number"],
)
def test_e5_anything_else_is_one_refusal_and_writes_nothing(passport, record, known):
    number = STRANGERS if "name" in known else NUMBER
    a_score(number, ticket=TICKET if known else OTHER_TICKET, **known)
    assert refused(submit, passport, record) == [rules.NO_MATCH.message]
    assert not Application.objects.exists()


def test_e6_a_ticket_of_before_2005_is_sent_to_school(passport, record):
    ticket = "993010042100101"
    a_score(NUMBER, ticket=ticket, score=82)
    assert refused(submit, passport, record, ticket) == [
        "CET四级笔试成绩为2005年之前的考生，请联系学校相关负责老师代为申请。"
    ]


def test_e2_one_application_a_passport(stage, passport, record):
    a_score(STRANGERS)
    submit(passport, record)
    other = a_record(stage, name="李博", subjects="1")
    a_score(other.id_number, name="李博", ticket=OTHER_TICKET)
    assert refused(submit, passport, other, OTHER_TICKET) == [rules.OTHER_RECORD.message]


def test_e2_two_passports_apply_for_one_record_and_one_pass_settles_both(stage, record):
    first, second = agreed(a_passport()), agreed(a_passport())
    a_score(STRANGERS)
    waiting = submit(first, record)
    a_score(NUMBER, ticket=OTHER_TICKET)
    passed = submit(second, record, OTHER_TICKET)
    assert (state(waiting), state(passed)) == ("passed", "passed")
    assert [template for template, _ in letters()] == ["review/passed"] * 2


def test_e2_the_result_belongs_to_the_registration_whichever_passport_holds_it(stage):
    holder = a_candidate(stage, number=NUMBER, subjects="1")
    other = agreed(a_passport())
    a_score(NUMBER)
    submit(other, StudentRecord.objects.get())
    assert eligible(holder) == "12S"
    assert len(letters()) == 2, "the applicant and the holder"


def test_e4_after_a_failure_it_is_submitted_again_and_counted(passport, record):
    a_score(STRANGERS)
    application = submit(passport, record)
    decide(application, FAIL)
    work()
    a_score(NUMBER, ticket=OTHER_TICKET)
    again = submit(passport, record, OTHER_TICKET, now=AFTER)
    assert (again.id, again.state, again.submitted_count) == (application.id, "passed", 2)


def test_e4_after_a_failure_it_can_be_deleted_and_another_record_applied_for(stage, passport, record):
    a_score(STRANGERS)
    application = submit(passport, record)
    decide(application, FAIL)
    work()
    withdraw(passport, record, AFTER)
    assert state(application) == "withdrawn"
    other = a_record(stage, name="李博", subjects="1")
    a_score(other.id_number, name="李博", ticket=OTHER_TICKET)
    assert submit(passport, other, OTHER_TICKET, now=AFTER).state == "passed"
    assert Application.objects.count() == 2


def test_e7_deleting_does_not_set_the_count_back(passport, record):
    a_score(STRANGERS)
    for turn in range(1, 4):
        now = NOW + turn * (AFTER - NOW)
        application = submit(passport, record, now=now)
        assert application.submitted_count == turn
        decide(application, FAIL, now=now)
        work(now + (AFTER - NOW))
        withdraw(passport, record, now + (AFTER - NOW))


def test_e7_passed_is_final(passport, record):
    a_score(NUMBER)
    application = submit(passport, record)
    assert refused(submit, passport, record) == [rules.PASSED.message]
    assert refused(withdraw, passport, record) == [rules.PASSED.message]
    assert refused(decide, application, FAIL) == [rules.SETTLED.message]
    assert by_review(record) == "2S"


def test_e2_who_is_eligible_has_nothing_to_apply_for(passport, record):
    a_score(NUMBER)
    assert refused(submit, passport, record, TICKET, "12") == [rules.ELIGIBLE.message]


def test_e2_a_campus_without_cet6_takes_no_application(passport, record):
    a_score(NUMBER)
    Offering.objects.filter(subject_id="2").delete()
    assert refused(submit, passport, record) == [rules.NOT_OFFERED.message]


def test_e2_it_is_taken_until_the_window_of_cet6_closes(passport, record):
    a_score(NUMBER)
    closes = Sitting.objects.get().registration_closes_at
    assert refused(submit, passport, record, TICKET, "1", closes)[0].startswith("复核申请已于")
    assert submit(passport, record, now=closes - (AFTER - NOW)).state == "passed"


def test_b1_a_closed_sitting_takes_no_application(passport, record):
    from baokao.core.brief import forget_all

    a_score(NUMBER)
    Sitting.objects.update(state="closed")
    forget_all()
    assert refused(submit, passport, record) == ["本考次已结束，仅供查看。"]


def test_e2_trying_ticket_numbers_is_throttled_by_passport_record_and_client(stage, passport, record):
    for turn in range(limits.SUBMIT_PASSPORT.limit):
        assert refused(submit, passport, record, f"9930101621001{turn + 1:02}") == [rules.NO_MATCH.message]
    too_many = "提交次数过多，请一小时后再试，或联系学校负责老师代为申请。"
    assert refused(submit, passport, record) == [too_many]
    # The record's own bucket stops another passport; another record and passport go on.
    assert refused(submit, agreed(a_passport()), record) == [too_many]
    other = a_record(stage, name="李博", subjects="1")
    a_score(other.id_number, name="李博")
    assert submit(agreed(a_passport()), other).state == "passed"


def test_f6_no_ticket_number_is_in_the_audit_log(passport, record):
    a_score(STRANGERS)
    submit(passport, record)
    assert not [row for row in AuditRow.objects.all() if TICKET in str(row.detail) + row.subject]


def test_b9_a_review_stays_when_the_registration_ends(stage):
    from baokao.registration import services

    passport = a_candidate(stage, number=NUMBER, subjects="1")
    a_score(STRANGERS)
    application = submit(passport, StudentRecord.objects.get())
    services.end_registration(passport.id, SITTING, NOW)
    decide(application, PASS)
    work()
    assert state(application) == "passed"
    assert by_review(StudentRecord.objects.get()) == "2S"

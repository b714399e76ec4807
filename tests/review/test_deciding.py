"""Deciding, undoing and what becomes of a decision (rules E4, E7; decision 50)."""

import pytest

from baokao.review import rules
from baokao.review.models import Decision
from tests.cast import NOW, a_candidate, a_passport, a_record, agreed, set_stage
from tests.registration.doing import enter, refused
from tests.review.doing import (
    AFTER,
    COLLEAGUE,
    FAIL,
    MINUTE,
    OTHER_TICKET,
    PASS,
    a_score,
    by_review,
    decide,
    eligible,
    letters,
    state,
    submit,
    undo,
    work,
)

pytestmark = pytest.mark.django_db
NUMBER, STRANGERS = "993010WW4711", "993010WW0815"


@pytest.fixture
def record():
    return a_record(set_stage(), number=NUMBER, subjects="1")


@pytest.fixture
def passport(record):
    return agreed(a_passport())


@pytest.fixture
def application(passport, record):
    a_score(STRANGERS)
    return submit(passport, record)


def outcomes():
    return list(Decision.objects.order_by("decided_at", "id").values_list("outcome", flat=True))


def test_e4_a_pass_makes_eligible_and_is_mailed_when_the_time_to_undo_is_over(application, record):
    decide(application, PASS)
    assert work(AFTER - MINUTE) == 0
    assert (state(application), by_review(record), letters()) == ("pending", "", [])
    assert work(AFTER) == 1
    assert (state(application), by_review(record)) == ("passed", "2S")
    assert [template for template, _ in letters()] == ["review/passed"]
    assert work(AFTER) == 0, "it takes effect once"


def test_e4_a_failure_tells_its_reason(application, record):
    decide(application, FAIL, "未携带成绩单原件")
    work()
    assert (state(application), by_review(record)) == ("failed", "")
    assert letters() == [("review/failed", {"sitting": "2026年下半年CET考试", "reason": "未携带成绩单原件"})]


def test_e7_nobody_can_use_a_pass_that_may_still_be_undone(application, record):
    holder = agreed(a_passport())
    from baokao.registration import services

    services.save_registration(holder.id, record.id, NOW)
    decide(application, PASS)
    assert eligible(holder) == "1"
    assert refused(enter, holder, "2") == ["不具有该科目报考资格。"]
    undo(application)
    work()
    assert (state(application), eligible(holder), outcomes()) == ("pending", "1", ["undone"])
    assert letters() == []


def test_e4_after_undoing_it_is_decided_anew_by_anybody(application):
    decide(application, FAIL)
    undo(application)
    decide(application, PASS, actor=COLLEAGUE)
    work()
    assert state(application) == "passed"
    assert sorted(outcomes()) == ["effective", "undone"]


def test_e4_only_who_decided_undoes_and_only_in_time(application):
    decide(application, PASS)
    assert refused(undo, application, NOW, COLLEAGUE) == [rules.NOT_YOURS.message]
    assert refused(undo, application, AFTER) == [rules.TOO_LATE.message]
    work()
    assert refused(undo, application, AFTER) == [rules.TOO_LATE.message]


def test_e4_a_second_decision_is_refused(application):
    decide(application, PASS)
    assert refused(decide, application, FAIL, "理由", NOW, COLLEAGUE) == [rules.DECIDED.message]


def test_e4_while_a_decision_may_be_undone_the_candidate_can_change_nothing(application, passport, record):
    decide(application, FAIL)
    assert refused(submit, passport, record) == [rules.PENDING.message]


def test_e2_a_pass_settles_the_other_passports_application_even_a_failed_one(application, record):
    others = submit(agreed(a_passport()), record)
    decide(others, FAIL)
    work()
    assert state(others) == "failed"
    decide(application, PASS, now=AFTER)
    work(AFTER + 5 * MINUTE)
    assert (state(application), state(others)) == ("passed", "passed")


def test_e2_a_failure_leaves_the_other_passports_application_alone(application, record):
    others = submit(agreed(a_passport()), record)
    decide(others, FAIL)
    work()
    assert (state(application), state(others)) == ("pending", "failed")


def test_e3_a_pass_by_itself_overtakes_a_failure_that_waits_to_take_effect(application, record):
    decide(application, FAIL)
    a_score(NUMBER, ticket=OTHER_TICKET)
    submit(agreed(a_passport()), record, OTHER_TICKET)
    work()
    assert (state(application), outcomes()) == ("passed", ["overtaken"])
    assert refused(undo, application) == [rules.TOO_LATE.message]


def test_e2_two_contrary_decisions_about_one_record_end_in_a_pass(application, record):
    others = submit(agreed(a_passport()), record)
    decide(application, PASS)
    decide(others, FAIL, actor=COLLEAGUE)
    work()
    assert (state(application), state(others), by_review(record)) == ("passed", "passed", "2S")


def test_e4_a_batch_takes_effect_and_who_is_not_due_waits():
    from baokao.review import services
    from baokao.review.services import nobody

    stage = set_stage()
    applications = []
    for turn in range(5):
        candidate = a_candidate(stage, number=f"993010WW{turn}00", subjects="1")
        record = candidate.registration_set.get().record
        a_score(f"993010XX{turn}00", ticket=f"99301016210010{turn + 1}")
        applications.append(submit(candidate, record, f"99301016210010{turn + 1}"))
        decide(applications[-1], PASS, now=NOW + turn * MINUTE)
    assert services.take_effect(nobody, AFTER + 2 * MINUTE, limit=2) == 2
    assert services.take_effect(nobody, AFTER + 2 * MINUTE, limit=2) == 1
    assert [state(one) for one in applications] == ["passed"] * 3 + ["pending"] * 2

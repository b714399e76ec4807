"""Applying on behalf, and the search for past scores (rule E6; decision 52)."""

import pytest

from baokao.review import rules, services
from baokao.review.evidence import Page
from baokao.review.models import Application, Evidence
from baokao.review.rules import Certificate
from baokao.roster.models import StudentRecord
from tests.cast import NOW, a_candidate, a_passport, a_record, agreed, set_stage
from tests.registration.doing import refused
from tests.review.doing import (
    AFTER,
    COLLEAGUE,
    OTHER_TICKET,
    TEACHER,
    TICKET,
    a_score,
    by_review,
    eligible,
    letters,
    state,
    submit,
    undo,
    work,
)

pytestmark = pytest.mark.django_db
NUMBER, STRANGERS = "993010WW4711", "993010WW0815"
OLD = Certificate("0423456", "2004-06", None)
SCAN = [Page(b"one", 10, 20), Page(b"two", 10, 20)]


@pytest.fixture
def record():
    return a_record(set_stage(), number=NUMBER, subjects="1")


def apply(record, certificate=OLD, pages=SCAN, now=NOW, actor=TEACHER):
    return services.apply_on_behalf(actor, record.id, certificate, "", pages, now)


def test_e6_it_takes_effect_after_the_time_to_undo_whoever_holds_the_record():
    stage = set_stage()
    holder = a_candidate(stage, number=NUMBER, subjects="1")
    application = apply(StudentRecord.objects.get())
    assert eligible(holder) == "1"
    work()
    assert (state(application), eligible(holder)) == ("passed", "12S")
    assert [template for template, _ in letters()] == ["review/passed"]


def test_e6_the_scan_is_kept_sealed_and_in_order(record):
    apply(record)
    kept = Evidence.objects.order_by("position")
    assert [(one.position, one.jpeg) for one in kept] == [(1, b"one"), (2, b"two")]
    assert all(b"one" not in bytes(one.scan_sealed) for one in kept)


def test_e6_it_can_be_undone_and_applied_for_again(record):
    application = apply(record)
    undo(application)
    work()
    assert (state(application), by_review(record)) == ("pending", "")
    again = apply(record, now=AFTER, actor=COLLEAGUE)
    assert (again.id, again.submitted_count) == (application.id, 2)
    work(AFTER + (AFTER - NOW))
    assert by_review(record) == "2S"


def test_e6_twice_at_once_is_refused(record):
    apply(record)
    assert refused(apply, record) == [rules.DECIDED.message]


def test_e6_a_pass_settles_the_candidates_own_application(record):
    a_score(STRANGERS)
    waiting = submit(agreed(a_passport()), record)
    apply(record)
    work()
    assert state(waiting) == "passed"


def test_e6_an_eligible_record_needs_none(record):
    StudentRecord.objects.update(subjects_given="12")
    assert refused(apply, record) == [rules.ELIGIBLE.message]


def test_e6_without_a_scan_nothing_is_written(record):
    assert refused(apply, record, OLD, []) == ["请上传证书或成绩单的扫描件。"]
    assert not Application.objects.exists()


def test_e6_the_search_finds_by_number_first_and_by_name(record):
    a_score(STRANGERS, name="颜明", ticket="111110162100101")
    a_score(NUMBER, name="颜鸣", ticket=TICKET)
    a_score(STRANGERS, name="李博", ticket=OTHER_TICKET)
    a_score(NUMBER, ticket="993010162300101", subject="3")
    assert [one.ticket_number for one in services.search_scores(TEACHER, record.id, NOW)] == [TICKET, "111110162100101"]


def test_e6_the_search_of_no_record_finds_nothing(record):
    import uuid

    a_score(STRANGERS, name="")
    assert services.search_scores(TEACHER, uuid.uuid4(), NOW) == []

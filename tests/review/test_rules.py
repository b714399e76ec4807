"""The pure rules of the review (rules E1 to E7)."""

from datetime import UTC, datetime, timedelta

import pytest

from baokao.exams.rules import Span
from baokao.review import rules
from baokao.review.rules import Case, Certificate, OpenDecision, Outcome, ScoreFacts

NOW = datetime(2017, 9, 20, 6, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Span(NOW - DAY, NOW + DAY, NOW + 2 * DAY)
OVER = Span(NOW - 2 * DAY, NOW, NOW + DAY)
COMING = Span(NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY)
TICKET = "991010162100101"


def case(**changed):
    facts = {"offered": True, "eligible": False, "restriction": None, "own": "", "other": False, "spans": (OPEN,)}
    return Case(**(facts | changed))


def codes(refusals):
    return [refusal.code for refusal in refusals]


def test_e1_the_button_shows_to_whom_it_may_help():
    assert rules.is_shown(case())


@pytest.mark.parametrize(
    "changed",
    [{"offered": False}, {"eligible": True}, {"restriction": "作弊"}, {"restriction": ""}],
    ids=["not offered", "eligible", "restricted", "restricted without a reason"],
)
def test_e1_the_button_hides_where_it_can_not_help_unless_there_is_an_application_to_view(changed):
    assert not rules.is_shown(case(**changed))
    assert rules.is_shown(case(**changed, own="pending"))


def test_e1_another_records_application_is_no_reason_to_show_it():
    assert not rules.is_shown(case(eligible=True, other=True))


def test_e2_it_is_accepted_before_the_window_opens_and_in_a_pause():
    assert rules.submission_refusals(case(spans=(COMING,)), NOW) == []
    assert rules.submission_refusals(case(spans=(OVER, COMING)), NOW) == []
    assert rules.submission_refusals(case(spans=()), NOW) == []


def test_e2_it_is_not_accepted_from_the_second_in_which_the_window_closes():
    assert rules.submission_refusals(case(spans=(OVER,)), NOW - timedelta(seconds=1)) == []
    assert codes(rules.submission_refusals(case(spans=(OVER,)), NOW)) == ["closed"]


def test_e2_a_passport_with_another_records_application_is_sent_to_school():
    (refusal,) = rules.submission_refusals(case(other=True), NOW)
    assert refusal.message == "本通行证账号已为其他考生提交复核申请，请联系学校负责老师代为申请。"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"eligible": True}, "eligible"),
        ({"restriction": "作弊"}, "restricted"),
        ({"offered": False}, "not_offered"),
        ({"own": "pending"}, "pending"),
        ({"own": "passed"}, "passed"),
    ],
)
def test_e2_e4_e7_what_stands_in_the_way(changed, code):
    assert codes(rules.submission_refusals(case(**changed), NOW)) == [code]


def test_e4_after_a_failure_it_can_be_submitted_again_and_deleted():
    assert rules.submission_refusals(case(own="failed"), NOW) == []
    assert rules.withdrawal_refusals(case(own="failed")) == []


@pytest.mark.parametrize(("own", "code"), [("pending", "pending"), ("passed", "passed"), ("", "not_failed")])
def test_e4_e7_only_a_failed_application_can_be_deleted(own, code):
    assert codes(rules.withdrawal_refusals(case(own=own))) == [code]


def score(points=430, subject="1", number=True, name=True):
    return ScoreFacts(subject, points, same_number=number, same_name=name)


@pytest.mark.parametrize("name", [True, False])
@pytest.mark.parametrize("points", [425, 426, 710])
def test_e3_ticket_and_number_pass_by_themselves_whatever_the_name(name, points):
    assert rules.outcome(TICKET, score(points, name=name)) is Outcome.PASSED


def test_e4_ticket_and_name_with_another_number_wait():
    assert rules.outcome(TICKET, score(number=False)) is Outcome.PENDING


@pytest.mark.parametrize(
    "known",
    [None, score(424), score(424, number=False), score(subject="2"), score(number=False, name=False), score(0)],
    ids=["no score", "424", "424 of another number", "another subject", "neither number nor name", "0"],
)
def test_e5_every_kind_of_miss_is_one_refusal(known):
    assert rules.outcome(TICKET, known) is rules.NO_MATCH


@pytest.mark.parametrize("year", ["87", "99", "00", "04"])
def test_e6_a_ticket_of_before_2005_is_sent_to_school_whatever_is_known(year):
    for known in (None, score(), score(82)):
        refusal = rules.outcome(f"991010{year}2100101", known)
        assert refusal.message == "CET四级笔试成绩为2005年之前的考生，请联系学校相关负责老师代为申请。"


@pytest.mark.parametrize("year", ["05", "16", "86"])
def test_e6_a_ticket_since_2005_is_not(year):
    assert rules.outcome(f"991010{year}2100101", score()) is Outcome.PASSED


OPENED = OpenDecision("staff:a", NOW + timedelta(minutes=5))


@pytest.mark.parametrize("state", ["passed", "failed", "withdrawn"])
def test_e7_what_is_settled_is_decided_by_nobody(state):
    assert codes(rules.decision_refusals(state, None, "理由")) == ["settled"]


def test_e4_an_application_is_decided_once_and_with_a_reason():
    assert rules.decision_refusals("pending", None, "理由") == []
    assert codes(rules.decision_refusals("pending", OPENED, "理由")) == ["decided"]
    assert codes(rules.decision_refusals("pending", None, "  ")) == ["no_reason"]


def test_e4_a_decision_is_undone_by_who_made_it_before_it_takes_effect():
    last = OPENED.effective_at - timedelta(seconds=1)
    assert rules.undo_refusals("pending", OPENED, "staff:a", last) == []
    assert codes(rules.undo_refusals("pending", OPENED, "staff:a", OPENED.effective_at)) == ["too_late"]
    assert codes(rules.undo_refusals("pending", OPENED, "staff:b", last)) == ["not_yours"]
    assert codes(rules.undo_refusals("pending", None, "staff:a", last)) == ["not_decided"]
    assert codes(rules.undo_refusals("passed", None, "staff:a", last)) == ["too_late"]


@pytest.mark.parametrize(
    ("certificate", "pages", "wanted"),
    [
        (Certificate("0423", "2004-06", None), 1, []),
        (Certificate("0423", "2005-01", 61), 1, []),
        (Certificate("0423", "2005-06", 425), 1, []),
        (Certificate("0423", "2005-06", 424), 1, ["low_score"]),
        (Certificate("0423", "2016-12", 711), 1, ["low_score"]),
        (Certificate("0423", "2016-12", None), 1, ["no_score"]),
        (Certificate(" ", "2004-06", None), 1, ["no_certificate"]),
        (Certificate("0423", "2004-06", None), 0, ["no_evidence"]),
    ],
)
def test_e6_before_june_2005_the_certificate_decides_and_since_then_425(certificate, pages, wanted):
    assert codes(rules.certificate_refusals(certificate, pages)) == wanted

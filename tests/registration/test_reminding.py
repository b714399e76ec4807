"""催缴: the school reminds its unpaid candidates, each at most once a day."""

from datetime import timedelta

import pytest

from baokao.core.models import AuditRow
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from tests.cast import NOW, a_candidate, set_stage
from tests.payments.bank import Bank
from tests.payments.doing import start
from tests.payments.grouping import a_locked_group
from tests.registration.doing import enter, mails

pytestmark = pytest.mark.django_db

TEACHER = "staff:00000000000000000000000000000007"
HOUR = timedelta(hours=1)


@pytest.fixture
def stage(monkeypatch):
    made = Bank()
    monkeypatch.setattr("baokao.payments.providers.configured", lambda: {"alipay": made})
    return set_stage()


@pytest.fixture
def passport(stage):
    found = a_candidate(stage)
    enter(found, "14")
    return found


def remind(now=NOW):
    """All registrations of the school."""
    found = services.remind(Registration.objects.values_list("id", flat=True), "99301", TEACHER, now)
    return found.mailed, found.passed_over


def test_an_unpaid_candidate_is_told_what_is_unpaid_and_until_when(passport):
    assert remind() == (1, 0)
    template, context = mails()[-1]
    assert (template, context["school"]) == ("registration/reminded", "测试学校机构01")
    assert context["unpaid"] == [
        {"label": "(1) 英语四级笔试", "held_until": NOW + 24 * HOUR},
        {"label": "(4) 日语六级笔试", "held_until": NOW + 24 * HOUR},
    ]


def test_nobody_is_reminded_twice_within_a_day(passport):
    Entry.objects.update(held_until=NOW + 100 * HOUR)
    assert remind() == (1, 0)
    assert remind(NOW + 24 * HOUR - timedelta(seconds=1)) == (0, 1)
    assert remind(NOW + 24 * HOUR) == (1, 0)


def test_who_has_nothing_to_pay_is_not_mailed(stage, passport):
    a_candidate(stage)
    paid, paying = a_candidate(stage), a_candidate(stage)
    enter(paid, "1")
    Entry.objects.filter(registration__passport=paid).update(state="paid")
    enter(paying, "1")
    start(paying, "1")
    held = a_candidate(stage)
    enter(held, "1")
    a_locked_group(held)
    assert remind() == (1, 4)


def test_what_is_over_is_not_reminded_of(passport):
    assert remind(NOW + 24 * HOUR) == (0, 1)


def test_one_row_of_the_audit_says_how_many(passport):
    remind()
    row = AuditRow.objects.get(action="entries.reminded")
    assert (row.actor, row.subject, row.detail) == (TEACHER, "school:99301", {"chosen": 1, "mailed": 1})

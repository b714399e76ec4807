"""`/office/reminders/`: own unpaid candidates are reminded, and how many is shown first (rules G1, G5)."""

import pytest

from baokao.passport.models import Role
from baokao.registration.models import Registration
from tests.cast import a_candidate, set_stage
from tests.office.desks import desk_client
from tests.payments.bank import Bank
from tests.payments.grouping import a_locked_group
from tests.registration.doing import enter, mails
from tests.registration.test_pages import text

pytestmark = pytest.mark.django_db
PAGE = "/office/reminders/"


@pytest.fixture
def stage(monkeypatch):
    made = Bank()
    monkeypatch.setattr("baokao.payments.providers.configured", lambda: {"alipay": made})
    return set_stage()


@pytest.fixture
def one(stage):
    found = a_candidate(stage, name="颜明", student_no="0001")
    enter(found, "14")
    return found


@pytest.fixture
def other(stage):
    found = a_candidate(stage, name="王佳怡", student_no="0002")
    enter(found, "1")
    return found


def reminded():
    return [context for template, context in mails() if template == "registration/reminded"]


def of(passport):
    return str(Registration.objects.get(passport=passport).id)


def test_g5_who_has_something_to_pay_is_listed(desk, stage, one, other):
    a_candidate(stage, name="陈思远")
    a_locked_group(other)
    shown = text(desk.get(PAGE))
    assert "颜明0001——2科0.02还剩" in shown
    assert "王佳怡" not in shown
    assert "陈思远" not in shown
    assert "提醒全部1人" in shown


def test_how_many_is_asked_before_any_mail_leaves(desk, one, other):
    assert "将提醒1名考生。" in text(desk.post(PAGE, {"which": "ticked", "registration": [of(one)]}))
    assert reminded() == []
    response = desk.post(PAGE, {"registration": [of(one)], "sure": "1"})
    assert response.headers["Location"] == f"{PAGE}?mailed=1&over=0"
    assert "已发送1封提醒邮件。" in text(desk.get(response.headers["Location"]))
    assert len(reminded()) == 1


def test_all_of_the_filter_are_reminded_once_a_day(desk, one, other):
    assert "将提醒2名考生。" in text(desk.post(PAGE, {"which": "all"}))
    desk.post(PAGE, {"which": "all", "sure": "1"})
    assert len(reminded()) == 2
    assert "当前筛选共" not in text(desk.get(PAGE))
    assert "颜明" in text(desk.get(f"{PAGE}?f=reminded"))
    response = desk.post(PAGE, {"registration": [of(one), of(other)], "sure": "1"})
    assert response.headers["Location"] == f"{PAGE}?mailed=0&over=2"
    assert len(reminded()) == 2


@pytest.mark.parametrize("form", [{}, {"registration": ["x"], "sure": "1"}])
def test_nobody_chosen_is_said(desk, one, form):
    assert "请至少勾选一名考生。" in text(desk.post(PAGE, form))


def test_g1_a_foreign_schools_candidate_is_never_reminded(one):
    foreign = desk_client(school=["99101"])
    assert "颜明" not in text(foreign.get(PAGE))
    foreign.post(PAGE, {"registration": [of(one)], "sure": "1"})
    foreign.post(PAGE, {"which": "all", "sure": "1"})
    assert reminded() == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_g1_it_is_the_coordinators_page_alone(stage, role):
    assert desk_client(role).get(PAGE).status_code == 404

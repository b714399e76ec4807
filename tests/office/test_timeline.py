"""经过 on a student's page: everything that happened, whichever part of the site it happened in (issue 6; rule G1)."""

import re
from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.registration.models import Registration
from baokao.registration.queries import holders
from baokao.review import services as review
from baokao.roster.models import StudentRecord
from tests.cast import NOW, a_candidate
from tests.office.desks import a_staff, at_desk, desk_client
from tests.payments.doing import hear, start, work
from tests.payments.grouping import a_locked_group, release, start_group
from tests.registration.doing import enter
from tests.review.doing import FAIL, TICKET, a_score, submit

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def moment():
    with clock.travel(NOW):
        yield


@pytest.fixture
def passport(stage, bank):
    found = a_candidate(stage, name="颜明", subjects="14")
    enter(found, "14")
    return found


def events(client=None):
    """Each row of 经过 as one line of text, the earliest first."""
    record = StudentRecord.objects.get()
    page = (client or desk_client()).get(f"/office/students/{record.id}/").content.decode()
    rows = page.split("<h2>经过</h2>")[1].split("</tbody>")[0].split("<tr>")[2:]
    return ["".join(re.sub(r"<[^>]+>", "|", row).split()).strip("|") for row in reversed(rows)]


def told(*parts):
    """Whether one row holds all the parts."""
    return any(all(part in line for part in parts) for line in events())


def test_a_payment_and_one_that_failed_are_told(passport, bank):
    first = start(passport, "1", NOW)
    work(NOW + 31 * MINUTE)
    second = start(passport, "14", NOW + 32 * MINUTE)
    hear(bank.pay(second.number, second.amount), NOW + 33 * MINUTE)
    assert told("去支付¥0.01：未支付", "支付宝", first.number)
    for subject in ("英语四级笔试", "日语六级笔试"):
        assert told(f"{subject}支付¥0.01", "考生", "支付宝", second.number)


def test_d6_money_that_went_back_is_told_with_its_reason(passport, bank):
    first = start(passport, "1", NOW)
    hear(bank.pay(first.number, first.amount), NOW + MINUTE)
    late = start(passport, "4", NOW + 2 * MINUTE)
    Registration.objects.get().entries.filter(subject_id="4").update(
        state="cancelled", ended_at=NOW + 3 * MINUTE, lock="", locked_by=None
    )
    StudentRecord.objects.update(subjects_restricted="4")
    hear(bank.pay(late.number, late.amount), NOW + 4 * MINUTE)
    assert told("日语六级笔试到账¥0.01", late.number)
    assert told("日语六级笔试待退款¥0.01", "系统", "不再符合报考条件")


def test_d8_what_the_school_locked_let_go_and_paid_is_told(passport, bank):
    release(a_locked_group(passport, codes="4"))
    group = a_locked_group(passport, codes="1", now=NOW + MINUTE)
    attempt = start_group(group, NOW + 2 * MINUTE)
    hear(bank.pay(attempt.number, attempt.amount), NOW + 3 * MINUTE)
    assert told("日语六级笔试加入集体缴费", "王老师", "化学学院1班")
    assert told("日语六级笔试移出集体缴费")
    assert told("英语四级笔试支付¥0.01", "王老师", "集体缴费“化学学院1班”")


def test_e7_reviews_and_decisions_are_told(stage, passport):
    record = StudentRecord.objects.get()
    a_score("99301099", "颜明", TICKET)
    application = submit(passport, record)
    teacher = a_staff(name="吴老师")
    review.decide(f"staff:{teacher.id.hex}", application.id, FAIL, "原件未到", NOW + MINUTE)
    review.take_effect(holders, NOW + 10 * MINUTE)
    submit(passport, record, now=NOW + 11 * MINUTE)
    assert told("提交CET6资格复核（第2次）", "考生")
    assert told("CET6资格复核失败（已生效）", "吴老师", "原件未到")


def test_a_reminder_is_told(passport):
    Registration.objects.update(reminded_at=NOW)
    assert told("缴费提醒", "学校")


def test_g1_another_schools_coordinator_reads_none_of_it(passport):
    record = StudentRecord.objects.get()
    foreign = at_desk(a_staff(school=["99101"]))
    assert foreign.get(f"/office/students/{record.id}/").status_code == 404

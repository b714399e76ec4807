"""`/office/review/<id>/`: one application beside its score record, decided and undone (rules E2, E4, E7, G1)."""

from datetime import timedelta

import pytest

from baokao.core.brief import forget_all
from baokao.core.models import AuditRow
from baokao.core.words import masked_address
from baokao.exams.models import Sitting
from baokao.review.models import Application, Decision
from tests.cast import a_passport, agreed
from tests.office.desks import a_staff, at_desk, desk_client
from tests.office.review.doing import at, behalf, keep, later, waiting
from tests.registration.test_pages import text
from tests.review.doing import MINUTE, NOW, by_review, submit

pytestmark = pytest.mark.django_db


def verdicts(application):
    return list(application.decisions.values_list("verdict", "outcome"))


def test_e4_it_stands_beside_the_score_record_with_what_differs_marked(stage, desk):
    page = desk.get(at(waiting(stage)))
    assert "<span>993010<mark>00</mark>001</span>" in page.content.decode()
    assert "<span>993010<mark>99</mark>001</span>" in page.content.decode()
    for part in ("2位不同", "2016年下半年，430分", "≥425", "第1次提交", "证件号码不一致", "993010162100101"):
        assert part in text(page), part


def test_f6_each_look_at_the_whole_numbers_leaves_a_row(stage, desk, staff):
    application = waiting(stage)
    desk.get(at(application))
    row = AuditRow.objects.get(action="review.numbers_shown")
    assert (row.actor, row.subject) == (f"staff:{staff.id.hex}", f"review:{application.id}")


def test_e4_a_pass_leads_to_the_next_and_takes_effect_after_five_minutes(stage, desk):
    first, second = waiting(stage, "颜明", 1, NOW), waiting(stage, "李博", 2, NOW + MINUTE)
    answer = desk.post(at(first), {"step": "pass", "common": "1"})
    assert answer.headers["Location"] == at(second)
    page = text(desk.get(at(second)))
    assert "颜明：复核通过" in page
    assert "撤销" in page
    assert by_review(first.record) == ""
    later()
    assert by_review(first.record) == "2S"
    assert Application.objects.get(id=first.id).state == "passed"


def test_e4_the_last_one_leads_back_to_the_queue(stage, desk):
    answer = desk.post(at(waiting(stage)), {"step": "fail", "reason": "未带原件"}, follow=True)
    assert answer.redirect_chain == [("/office/review/", 302)]
    assert "没有等待复核的申请。" in text(answer)


def test_e4_a_failure_carries_the_common_reason_and_ones_own_words(stage, desk):
    application = waiting(stage)
    desk.post(at(application), {"step": "fail", "common": "3", "reason": "下周三前补交"})
    assert Decision.objects.get().reason == "未提供成绩报告单原件；下周三前补交"


def test_e4_without_a_reason_nothing_is_decided_and_the_page_says_so(stage, desk):
    application = waiting(stage)
    page = desk.post(at(application), {"step": "pass"})
    assert "<title>错误：" in page.content.decode()
    assert "请填写理由。" in text(page)
    assert not Decision.objects.exists()


def test_e4_a_reason_of_the_other_verdict_is_refused_and_what_was_typed_is_kept(stage, desk):
    page = desk.post(at(waiting(stage)), {"step": "pass", "common": "3", "reason": "写好的话"})
    assert "所选的常用理由与复核结果不符" in text(page)
    assert "写好的话" in text(page)
    assert not Decision.objects.exists()


def test_e4_undoing_brings_it_back_into_the_queue(stage, desk):
    application = waiting(stage)
    desk.post(at(application), {"step": "pass", "common": "1"})
    desk.post(at(application), {"step": "undo"})
    later()
    assert verdicts(application) == [("pass", "undone")]
    assert "复核意见" in text(desk.get(at(application)))
    assert "已撤销" in text(desk.get(at(application)))


def test_e4_a_colleague_can_not_undo_and_sees_who_decided(stage, desk):
    application = waiting(stage)
    desk.post(at(application), {"step": "pass", "common": "1"})
    colleague = at_desk(a_staff(name="吴老师"))
    page = text(colleague.get(at(application)))
    assert "周老师于" in page
    assert "撤销</button>" not in colleague.get(at(application)).content.decode()
    answer = text(colleague.post(at(application), {"step": "undo"}))
    assert "只有作出复核结果的老师本人可以撤销。" in answer
    answer = text(colleague.post(at(application), {"step": "fail", "reason": "不符"}))
    assert "该申请已由他人复核，尚未生效。" in answer


def test_e7_what_passed_can_not_be_decided_again(stage, desk):
    application = waiting(stage)
    desk.post(at(application), {"step": "pass", "common": "1"})
    later()
    page = desk.post(at(application), {"step": "fail", "reason": "不符"})
    assert "该申请已不在待复核状态。" in text(page)
    assert "复核意见" not in text(page)


def test_e2_two_passports_applications_stand_beside_each_other(stage, desk):
    first = waiting(stage, seat=1)
    second = waiting(stage, seat=2, record=first.record)
    page = desk.get(at(first))
    assert "同一考生的2件申请" in text(page)
    beside = page.content.decode().split('id="beside"')[1].split("</table>")[0]
    for marked in ("993010<mark>99</mark>001", "993010<mark>99</mark>00<mark>2</mark>"):
        assert beside.count(f"<span>{marked}</span>") == 1
    numbers = beside.index(first.ticket_number), beside.index(second.ticket_number)
    assert numbers == tuple(sorted(numbers))
    assert f'<a href="{at(second)}">{second.ticket_number}</a>' in beside
    assert masked_address(second.passport.account) in beside
    assert "另一通行证" in beside
    shown = AuditRow.objects.filter(action="review.numbers_shown").values_list("subject", flat=True)
    assert sorted(shown) == sorted(f"review:{one.id}" for one in (first, second))
    desk.post(at(first), {"step": "pass", "common": "1"})
    later()
    assert set(Application.objects.values_list("state", flat=True)) == {"passed"}


def test_e7_how_often_it_was_submitted_and_failed_is_shown(stage, desk):
    passport = agreed(a_passport())
    application = waiting(stage, passport=passport)
    desk.post(at(application), {"step": "fail", "reason": "第一次的原因"})
    later()
    submit(passport, application.record, application.ticket_number, now=NOW)
    page = text(desk.get(at(application)))
    assert "第2次提交" in page
    assert "第一次的原因" in page


@pytest.mark.parametrize("step", ["pass", "fail", "undo", "keep", ""])
def test_g1_a_foreign_schools_application_is_not_there(stage, step):
    application = waiting(stage)
    scan = keep(application)
    other = desk_client(school=["99101"])
    assert other.get(at(application)).status_code == 404
    assert other.post(at(application), {"step": step, "reason": "理由"}).status_code == 404
    assert other.get(f"/office/review/evidence/{scan.id}/").status_code == 404
    assert "颜明" not in text(other.get("/office/review/"))
    assert not Decision.objects.exists()


def test_e4_the_pages_say_how_long_a_decision_can_be_undone(stage, desk, settings):
    application = waiting(stage)
    settings.REVIEW_UNDO = timedelta(minutes=90)
    for page in (at(application), behalf(application.record)):
        assert "1小时30分内可以撤销" in text(desk.get(page))


def test_e4_a_decision_of_a_closed_sitting_is_refused(stage, desk):
    application = waiting(stage)
    Sitting.objects.update(state="closed")
    forget_all()
    assert "本考次已结束，仅供查看。" in text(desk.post(at(application), {"step": "pass", "common": "1"}))

"""The review's desk: queue, one application, evidence, on behalf (rules E2, E4, E6, E7, G1, G5, H2)."""

import re
from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.core.models import AuditRow
from baokao.core.words import masked_address
from baokao.passport.models import Role
from baokao.registration.queries import holders
from baokao.review import services
from baokao.review.models import Application, Decision, Evidence
from tests.cast import a_passport, a_record, agreed
from tests.office.desks import a_staff, at_desk, desk_client
from tests.registration.test_pages import text
from tests.review.doing import MINUTE, NOW, a_score, by_review, submit
from tests.review.scans import a_scan, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(stage):
    return a_staff()


@pytest.fixture
def desk(staff):
    return at_desk(staff)


def waiting(stage, name="颜明", seat=1, now=NOW, passport=None, record=None, **columns):
    """An application that waits for the school: the name is in a past score, the ID number isn't."""
    record = record or a_record(stage, name=name, number=f"99301000{seat:03}", subjects="1", **columns)
    ticket = f"9930101621{seat:03}01"
    a_score(f"99301099{seat:03}", name, ticket)
    return submit(passport or agreed(a_passport()), record, ticket, now=now)


def at(application):
    return f"/office/review/{application.id}/"


def later():
    """The time to undo is over for everything that was decided."""
    return services.take_effect(holders, clock.now() + 6 * MINUTE)


def verdicts(application):
    return list(application.decisions.values_list("verdict", "outcome"))


# The queue


def test_g5_the_queue_shows_what_waits_the_first_submitted_first(stage, desk):
    waiting(stage, "李博", 1, NOW + MINUTE)
    waiting(stage, "颜明", 2, NOW)
    page = text(desk.get("/office/review/"))
    assert "未复核2" in page
    assert page.index("颜明") < page.index("李博")
    assert "开始复核" in page


def test_g5_search_filter_and_sort(stage, desk):
    first = waiting(stage, "李博", 1, student_no="S001")
    waiting(stage, "颜明", 2)
    for asked in ("李", "S001", first.ticket_number):
        page = text(desk.get("/office/review/", {"q": asked}))
        assert "李博" in page
        assert "颜明" not in page, asked
    desk.post(at(first), {"step": "pass", "common": "1"})
    assert "李博" not in text(desk.get("/office/review/")).partition("复核申请")[2]
    assert "待生效" in text(desk.get("/office/review/", {"f": "decided"}))
    assert "没有找到" in text(desk.get("/office/review/", {"q": "没有这个人"}))


def test_h2_the_queue_shows_no_id_number(stage, desk):
    waiting(stage)
    assert "99301000001" not in desk.get("/office/review/").content.decode()


# One application


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


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_g1_no_other_desk_has_the_queue(stage, role):
    assert desk_client(role).get("/office/review/").status_code == 404


def test_g1_a_coordinator_of_one_department_sees_its_applications_only(stage):
    mine = waiting(stage, "颜明", 1, department="化学学院")
    theirs = waiting(stage, "李博", 2, department="文学院")
    desk = desk_client(department=["化学学院"])
    assert "李博" not in text(desk.get("/office/review/"))
    assert desk.get(at(mine)).status_code == 200
    assert desk.get(at(theirs)).status_code == 404


# Evidence


def keep(application):
    from baokao.review.evidence import pages_of

    services.keep_evidence("staff:" + "0" * 32, application.id, pages_of([a_scan()]), NOW)
    return Evidence.objects.get()


def test_e4_evidence_is_kept_before_or_with_the_decision(stage, desk):
    application = waiting(stage)
    answer = desk.post(at(application), {"step": "keep", "proof": [a_scan(), a_scan(pdf(2), "b.pdf")]}, follow=True)
    assert "材料已保存。" in text(answer)
    assert "证明材料第3页" in answer.content.decode()
    desk.post(at(application), {"step": "pass", "common": "1", "proof": a_scan()})
    assert list(Evidence.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4]


def test_e4_what_is_no_picture_is_refused_and_nothing_decided(stage, desk):
    application = waiting(stage)
    page = desk.post(
        at(application), {"step": "pass", "common": "1", "proof": a_scan(b"<svg onload=alert(1)>", "a.jpg")}
    )
    assert "只能上传JPG、PNG、WebP图片或PDF文件。" in text(page)
    assert not Decision.objects.exists()
    assert not Evidence.objects.exists()


def test_e4_evidence_is_a_download_of_our_own_picture(stage, desk):
    scan = keep(waiting(stage))
    answer = desk.get(f"/office/review/evidence/{scan.id}/")
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence-1.jpg"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert AuditRow.objects.filter(action="review.evidence_shown").count() == 1


def test_d10_a_body_above_the_bound_is_refused_unread(stage, desk):
    application = waiting(stage)
    answer = desk.post(at(application), b"", content_type="text/plain", CONTENT_LENGTH=str(40 << 20))
    assert answer.status_code == 400


@pytest.mark.parametrize("way", ["application", "behalf"])
def test_d10_a_strangers_upload_is_refused_unread(stage, client, way):
    application = waiting(stage)
    path = at(application) if way == "application" else behalf(application.record)
    answer = client.post(path, b"", content_type="text/plain", CONTENT_LENGTH=str(2 << 20))
    assert answer.status_code == 400


# On behalf

CERTIFICATE = {"step": "apply", "certificate_number": "0423456", "examined_in": "2004-06"}


def behalf(record):
    return f"/office/review/behalf/{record.id}/"


def test_e4_the_pages_say_how_long_a_decision_can_be_undone(stage, desk, settings):
    application = waiting(stage)
    settings.REVIEW_UNDO = timedelta(minutes=90)
    for page in (at(application), behalf(application.record)):
        assert "1小时30分内可以撤销" in text(desk.get(page))


def test_e6_a_student_is_found_by_name_or_number(stage, desk):
    record = a_record(stage, name="李博", student_no="S001", subjects="1")
    a_record(stage, name="颜明", subjects="1")
    for asked in ("李博", "S001"):
        page = desk.get("/office/review/behalf/", {"q": asked}).content.decode()
        assert behalf(record) in page
        assert "颜明" not in page


def test_e6_the_school_applies_with_a_scan(stage, desk):
    record = a_record(stage, subjects="1")
    answer = desk.post(behalf(record), CERTIFICATE | {"proof": a_scan(pdf())}, follow=True)
    assert "已代为申请。" in text(answer)
    assert "代为申请" in text(answer)
    application = Application.objects.get()
    page = text(desk.get(at(application)))
    for part in ("0423456", "2004-06", "证明材料", "将于"):
        assert part in page, part
    later()
    assert by_review(record) == "2S"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"proof": None}, "请上传证书或成绩单的扫描件。"),
        ({"examined_in": "2004年6月"}, "请按“2004-06”的格式填写考试年月。"),
        ({"examined_in": "2016-12"}, "2005年6月及以后的考试，请填写成绩。"),
        ({"examined_in": "2016-12", "score": "424"}, "成绩应在425至710分之间。"),
        ({"certificate_number": ""}, "请填写证书编号。"),
        ({"ticket": "12"}, "不是有效的笔试准考证号（15位数字），忘记的可以不填。"),
    ],
)
def test_e6_what_is_missing_is_told_and_what_was_typed_kept(stage, desk, changed, message):
    record = a_record(stage, subjects="1")
    typed = {name: value for name, value in (CERTIFICATE | {"proof": a_scan()} | changed).items() if value is not None}
    page = desk.post(behalf(record), typed)
    assert message in text(page)
    assert "<title>错误：" in page.content.decode()
    assert 'value="2004' in page.content.decode() or 'value="2016' in page.content.decode()
    assert not Application.objects.exists()


def test_e6_who_is_eligible_needs_none(stage, desk):
    page = desk.post(behalf(a_record(stage, subjects="12")), CERTIFICATE | {"proof": a_scan()})
    assert "已具有英语六级笔试报考资格，无需申请复核。" in text(page)


def test_e6_past_scores_are_searched_masked_and_audited(stage, desk):
    record = a_record(stage, number="99301000001", subjects="1")
    a_score("99301000001", "颜鸣", "993010162100101")
    a_score("99301099999", "颜明", "993010162100102", 500)
    page = desk.post(behalf(record), CERTIFICATE | {"step": "search"})
    for part in ("993010162100101", "颜鸣", "993010162100102", "500", "2016年下半年", "一致"):
        assert part in text(page), part
    assert "99301099999" not in page.content.decode()
    assert 'value="0423456"' in page.content.decode(), "what was typed is kept"
    assert AuditRow.objects.filter(action="review.scores_searched").count() == 1


@pytest.mark.parametrize(("number", "whole"), [("99301099999", False), ("99301000001", True)])
def test_e6_a_typed_ticket_number_shows_no_strangers_score(stage, desk, number, whole):
    """Who may apply for an own student could otherwise read everybody's ID number, one ticket after the other."""
    record = a_record(stage, number="99301000001", subjects="1")
    a_score(number, "颜鸣", "993010162100101", 613)
    desk.post(behalf(record), CERTIFICATE | {"ticket": "993010162100101", "proof": a_scan()})
    page = text(desk.get(at(Application.objects.get())))
    assert "993010162100101" in page
    assert [part in page for part in (number, "颜鸣", "613")] == [whole] * 3


@pytest.mark.parametrize("step", ["apply", "search"])
def test_g1_a_foreign_schools_student_is_not_there(stage, step):
    record = a_record(stage, name="李博", subjects="1")
    other = desk_client(school=["99101"])
    assert other.get(behalf(record)).status_code == 404
    assert other.post(behalf(record), CERTIFICATE | {"step": step, "proof": a_scan()}).status_code == 404
    assert "李博" not in text(other.get("/office/review/behalf/"))


def test_h2_no_id_number_is_in_an_address(stage, desk):
    waiting(stage)
    page = desk.get("/office/review/").content.decode() + desk.get("/office/review/behalf/").content.decode()
    assert not [found for found in re.findall(r'(?:href|action|src)="([^"]*)"', page) if "99301000001" in found]


def test_e4_a_decision_of_a_closed_sitting_is_refused(stage, desk):
    from baokao.core.brief import forget_all
    from baokao.exams.models import Sitting

    application = waiting(stage)
    Sitting.objects.update(state="closed")
    forget_all()
    assert "本考次已结束，仅供查看。" in text(desk.post(at(application), {"step": "pass", "common": "1"}))

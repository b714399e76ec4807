"""`/office/candidates/<record>/` and `/office/accounts/`: why somebody can't register, and whose account it is (A8)."""

from datetime import timedelta

import pytest

from baokao.core import switches
from baokao.core.models import AuditRow
from baokao.core.words import masked_address
from baokao.exams.models import Offering, School, WindowPiece
from baokao.roster.models import StudentRecord
from tests.cast import NOW, a_candidate, a_record
from tests.office.desks import desk_client
from tests.office.filling import shown
from tests.payments.grouping import a_locked_group
from tests.registration.doing import enter, mails

DAY = timedelta(days=1)


@pytest.fixture
def client(stage):
    return desk_client()


def page_of(client, record):
    return shown(client, f"/office/candidates/{record.id}/")


def record_behind(passport):
    return StudentRecord.objects.get(registration__passport=passport)


def test_c3_each_subject_says_what_stands_in_the_way(stage, client):
    stage.set_seats("4", 0)
    Offering.objects.filter(id=stage.offering("5").id).update(fee=None)
    record = a_record(stage, subjects="13456", subjects_restricted="3", restriction_reason="处分")
    page = page_of(client, record)
    for reason in ("不具有该科目报考资格。", "已被限制报考：处分。", "已报满。", "费用未设置。"):
        assert f'<span class="why">{reason}</span>' in page
    assert '<span class="tag" data-tone="info">可以报考</span>' in page
    assert "尚未保存：没有通行证账号绑定该考生。" in page


def row_of(page, label):
    """The subject's row."""
    return page.split(f">{label}</th>")[1].split("</tr>")[0]


def test_c3_each_reason_comes_with_what_can_be_done_about_it(stage, client):
    stage.set_seats("4", 0)
    Offering.objects.filter(id=stage.offering("5").id).update(fee=None)
    record = a_record(stage, subjects="145")
    page = page_of(client, record)
    assert "可调高容量" in row_of(page, "(4) 日语六级笔试")
    assert 'href="/office/offerings/"' in row_of(page, "(4) 日语六级笔试")
    assert "请向其询问" in row_of(page, "(5) 德语四级笔试")
    assert 'href="/office/review/behalf/"' in row_of(page, "(2) 英语六级笔试")


def test_b11_a_national_restriction_is_told_before_and_after_saving(stage, client):
    passport = a_candidate(stage, subjects="13")
    saved, not_saved = record_behind(passport), a_record(stage, subjects="13")
    StudentRecord.objects.update(subjects_barred="1", barred_reason="作弊")
    for record in (saved, not_saved):
        page = page_of(client, record)
        assert "英语四级笔试已被教育部考试中心限制报考：作弊。" in page
        assert '<span class="why">已被限制报考：作弊。</span>' in row_of(page, "(1) 英语四级笔试")


def test_c2_c3_what_the_levels_refuse_beside_what_is_held_is_told(stage, client):
    passport = a_candidate(stage, subjects="134")
    enter(passport, "1")
    record = record_behind(passport)
    page = page_of(client, record)
    assert "四级笔试只能报考1科" in row_of(page, "(3) 日语四级笔试")
    assert "可以报考" in row_of(page, "(4) 日语六级笔试")
    School.objects.update(allows_both_levels=False)
    page = page_of(client, record)
    assert "本校不允许同时报考四级和六级。" in row_of(page, "(4) 日语六级笔试")
    assert 'href="/office/settings/"' in row_of(page, "(4) 日语六级笔试")


def test_b8_d8_why_somebody_can_not_pay_is_told(stage, client):
    passport = a_candidate(stage, subjects="14")
    enter(passport, "1")
    record = record_behind(passport)
    StudentRecord.objects.update(subjects_restricted="1", restriction_reason="处分")
    row = row_of(page_of(client, record), "(1) 英语四级笔试")
    assert "已报考，不能支付" in row
    assert "已被限制报考：处分。" in row
    StudentRecord.objects.update(subjects_restricted="")
    assert "已报考，未支付" in row_of(page_of(client, record), "(1) 英语四级笔试")
    a_locked_group(passport)
    page = page_of(client, record)
    assert "期间不会到期删除" in page
    assert "到期未支付将自动删除" not in page
    row = row_of(page, "(1) 英语四级笔试")
    assert "该科目已被集体缴费锁定，请联系学校老师。" in row
    assert 'href="/office/group/"' in row


def test_a_pause_of_all_entries_is_told(stage, client):
    switches.turn(switches.ENTRIES_PAUSED, on=True, now=NOW)
    try:
        assert "报考暂停，请稍后再试。" in page_of(client, a_record(stage))
    finally:
        switches.turn(switches.ENTRIES_PAUSED, on=False, now=NOW)


def test_b6_a_closed_window_is_found_as_the_reason(stage, client):
    WindowPiece.objects.create(
        sitting=stage.sitting, setter="school", school_id="99301", kind="written", opens_at=NOW + DAY,
        closes_at=NOW + 2 * DAY, pay_until=NOW + 3 * DAY,
    )  # fmt: skip
    page = page_of(client, a_record(stage))
    assert "注意：</span>报名时间" in page
    assert "开始报名。" in page


def test_b5_nothing_eligible_is_found_as_the_reason(stage, client):
    assert "资格科目为无，考生无法继续报名。" in page_of(client, a_record(stage, subjects=""))


def test_who_saved_and_entered_nothing_or_has_not_paid_is_told_until_when(stage, client):
    passport = a_candidate(stage)
    page = page_of(client, record_behind(passport))
    assert "没有报考任何科目，报名信息将于" in page
    enter(passport, "1")
    page = page_of(client, record_behind(passport))
    assert "英语四级笔试未支付" in page
    assert "已报考，未支付" in page


def test_g3_who_was_removed_from_the_roster_is_told(stage, client):
    record = a_record(stage)
    StudentRecord.objects.update(removed_at=NOW)
    assert "移出学籍库，新的查询查不到。" in page_of(client, record)


def test_h2_number_and_account_are_masked_and_the_look_is_in_the_log(stage, client):
    passport = a_candidate(stage)
    record = record_behind(passport)
    page = page_of(client, record)
    assert record.id_number not in page
    assert passport.account not in page
    assert masked_address(passport.account) in page
    assert AuditRow.objects.filter(action="candidate.looked_at", subject=f"record:{record.id}").count() == 1


def ask(client, record, kind, reason):
    typed = {"ask": kind, f"{kind}-reason": reason}
    return client.post(f"/office/candidates/{record.id}/", typed).content.decode()


def test_a8_the_whole_account_is_told_for_a_reason_and_its_address_hears_of_it(stage, client):
    passport = a_candidate(stage)
    record = record_behind(passport)
    assert f"<b>{passport.account}</b>" in ask(client, record, "account", "考生到办公室核对")
    row = AuditRow.objects.get(action="candidate.account_told")
    assert row.detail == {"reason": "考生到办公室核对"}
    assert mails()[-1][0] == "registration/account_told"


def test_a8_without_a_reason_nothing_is_told(stage, client):
    passport = a_candidate(stage)
    page = ask(client, record_behind(passport), "account", " ")
    assert "请填写理由" in page
    assert passport.account not in page
    assert not AuditRow.objects.filter(action="candidate.account_told").exists()


def test_h2_the_whole_number_is_told_for_a_reason(stage, client):
    record = a_record(stage)
    assert record.id_number in ask(client, record, "number", "核对学籍")
    assert AuditRow.objects.filter(action="candidate.number_told").count() == 1


@pytest.mark.parametrize("scope", [{"school": ["99101"]}, {"campus": ["993011"]}, {"department": ["文学院"]}])
def test_g1_another_s_student_is_not_there_and_nothing_is_told(stage, scope):
    passport = a_candidate(stage, department="化学学院")
    record, client = record_behind(passport), desk_client(**scope)
    assert client.get(f"/office/candidates/{record.id}/").status_code == 404
    answer = client.post(f"/office/candidates/{record.id}/", {"ask": "account", "account-reason": "x"})
    assert answer.status_code == 404
    assert passport.account not in answer.content.decode()
    assert not AuditRow.objects.filter(action__startswith="candidate.").exists()


def find(client, number):
    return client.post("/office/accounts/", {"number": number}).content.decode()


def test_a8_a_student_is_found_by_id_number_or_student_number_of_the_own_school(stage, client):
    record = a_record(stage, name="颜明", number="993010WW1", student_no="20230001")
    a_record(stage, name="外校生", number="991010WW1", student_no="20230001", campus_id="991010")
    for number in ("993010WW1", "993010ｗｗ1", "20230001"):
        page = find(client, number)
        assert f"/office/candidates/{record.id}/" in page
        assert "外校生" not in page
        assert "993010WW1" not in page.split("查询结果")[1]
    assert "没有该证件号码或学号" in find(client, "991010WW1")
    assert AuditRow.objects.filter(action="candidate.searched").count() == 4


def test_h3_an_empty_search_says_what_to_type(stage, client):
    assert "请输入证件号码或学号。" in find(client, "")


def test_a_stranger_s_account_that_holds_the_record_is_shown(stage, client):
    """信息占用: the coordinator sees which account saved it, masked."""
    passport = a_candidate(stage)
    assert f"由通行证账号 {masked_address(passport.account)} 保存。" in page_of(client, record_behind(passport))

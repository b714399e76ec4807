"""`/my/review/` and the buttons that lead there (rules B6, B8, E1 to E7, G8, H2, H3)."""

from datetime import timedelta

import pytest

from baokao.exams.models import Offering
from baokao.review.models import Application
from baokao.roster.models import StudentRecord
from tests.cast import NOW, a_candidate, a_passport, a_record, agreed, set_stage
from tests.registration.doing import live
from tests.registration.test_pages import hidden, looked_up, text
from tests.review.doing import AFTER, FAIL, OTHER_TICKET, PASS, TICKET, a_score, decide, work

pytestmark = pytest.mark.django_db

NUMBER, STRANGERS = "993010WW1", "993010WW0815"
BUTTON = 'href="/my/review/">CET6资格复核'


@pytest.fixture
def stage():
    return set_stage()


@pytest.fixture
def client(stage, signed_in):
    """Somebody who has just looked 颜明 up, who has no CET-6."""
    a_record(stage, number=NUMBER, subjects="1")
    client = signed_in(agreed(a_passport()))
    looked_up(client)
    return client


def submit(client, ticket=TICKET, follow=True, **changed):
    page = client.get("/my/review/")
    form = {"record": hidden(page, "record"), "sitting": hidden(page, "sitting"), "ticket": ticket, "mine": "on"}
    return client.post("/my/review/", form | changed, follow=follow)


def delete(client):
    return client.post("/my/review/", {"step": "delete"}, follow=True)


def fail(reason="未携带成绩单原件"):
    """The school's 复核失败, two minutes after the application; in the test's time long past its undoing."""
    decide(Application.objects.get(state="pending"), FAIL, reason)
    work()


# The buttons


def test_e1_the_confirmation_bears_the_button_and_its_sentence(client):
    page = client.get("/my/confirm/")
    assert BUTTON in page.content.decode()
    assert "CET6资格复核，如果CET4成绩为2005年之前的，请联系学校相关老师。" in text(page)


def test_e1_the_registration_page_bears_the_button(stage, signed_in):
    page = signed_in(a_candidate(stage, subjects="1")).get("/my/registration/")
    assert BUTTON in page.content.decode()


@pytest.mark.parametrize("why", ["eligible", "restricted", "not offered"])
def test_e1_neither_page_bears_it_where_it_can_not_help(stage, signed_in, why):
    passport = a_candidate(stage, number=NUMBER, subjects="12" if why == "eligible" else "1")
    if why == "restricted":
        StudentRecord.objects.update(subjects_restricted="2")
    if why == "not offered":
        Offering.objects.filter(subject_id="2").delete()
    client = signed_in(passport)
    assert BUTTON not in client.get("/my/registration/").content.decode()
    assert BUTTON not in looked_up(client).content.decode()


def test_e1_who_has_an_application_keeps_the_button_to_view_it(client):
    a_score(NUMBER)
    submit(client)
    assert BUTTON in client.get("/my/confirm/").content.decode()


def test_e1_another_passport_that_looks_the_same_record_up_sees_no_application(client, signed_in):
    a_score(STRANGERS)
    submit(client)
    other = signed_in(agreed(a_passport()))
    looked_up(other)
    page = text(other.get("/my/review/"))
    assert "新增CET6资格复核申请" in page
    assert "未复核</span>" not in page
    assert TICKET not in page


# The page


def test_e2_the_form_shows_who_applies_and_masks_the_number(client):
    page = client.get("/my/review/")
    for part in (
        "新增CET6资格复核申请",
        "提示：CET四级笔试成绩为2005年之前的考生，请联系学校相关负责老师代为申请。",
        "颜明",
        "澳门身份证",
        "99***W1",
        "准考证号",
        "我确认提交复核的信息所有者为本人，且准考证号已通过CET四级笔试(分数≥425)",
        "保存并提交复核",
        "关闭",
        "王老师",
    ):
        assert part in text(page), part
    assert NUMBER not in page.content.decode()
    assert "删除申请" not in text(page)


def test_e2_before_anything_is_open_a_review_can_be_submitted(signed_in):
    stage = set_stage(opens=timedelta(days=2))
    a_record(stage, number=NUMBER, subjects="")
    a_score(NUMBER)
    client = signed_in(agreed(a_passport()))
    page = looked_up(client)
    assert "资格科目为无，无法继续报名，请联系学校负责老师。" in text(page)
    assert BUTTON in page.content.decode()
    assert "复核通过" in text(submit(client))
    assert "资格科目:英语六级笔试；英语六级口试" in text(client.get("/my/confirm/"))


def test_e3_passing_leads_to_written_entries(client):
    a_score(NUMBER, name="颜鸣")
    page = text(submit(client))
    assert "复核通过！您已获得英语六级笔试报考资格，现在可以报考。" in page
    assert "查看复核申请信息" in page
    assert TICKET in page
    assert "保存并提交复核" not in page
    assert "删除申请" not in page


def test_b8_a_saved_registration_enters_cet6_after_it_passed(stage, signed_in):
    passport = a_candidate(stage, number=NUMBER, subjects="1")
    client = signed_in(passport)
    a_score(NUMBER)
    assert "(2)英语六级笔试" not in text(client.get("/my/written/")).partition("其他科目")[0]
    submit(client)
    assert "英语四级笔试；英语六级笔试；英语六级口试" in text(client.get("/my/registration/"))
    client.post("/my/written/", {"subject": ["2"]})
    assert live(passport) == "2"


def test_e4_waiting_tells_whom_to_see_and_leaves_no_form(client):
    a_score(STRANGERS)
    page = text(submit(client))
    assert "保存成功！" in page
    assert "复核状态：未复核" in page
    assert "请联系学校负责老师" in page
    assert "保存并提交复核" not in page
    assert "删除申请" not in page
    answer = text(delete(client))
    assert "申请正在复核，不能修改或删除，请联系学校负责老师。" in answer
    assert Application.objects.get().state == "pending"


def test_e4_a_decision_that_may_be_undone_tells_when_and_not_what(client):
    a_score(STRANGERS)
    submit(client)
    decide(Application.objects.get(), PASS)
    page = text(client.get("/my/review/"))
    assert "复核状态：未复核" in page
    assert "复核结果将于" in page
    assert "复核通过" not in page.partition("复核规则")[0]
    assert "2" not in StudentRecord.objects.get().subjects_by_review


def test_e4_a_failure_tells_why_and_can_be_changed_or_deleted(client):
    a_score(STRANGERS)
    submit(client)
    fail()
    page = client.get("/my/review/")
    for part in ("复核状态：复核失败", "失败原因：未携带成绩单原件", "保存并提交复核", "删除申请"):
        assert part in text(page), part
    assert f'value="{TICKET}"' in page.content.decode(), "what was typed is there to be changed"
    a_score(NUMBER, ticket=OTHER_TICKET)
    assert "复核通过！" in text(submit(client, OTHER_TICKET))


def test_e4_deleting_a_failed_application_leads_back_to_a_new_one(client):
    a_score(STRANGERS)
    submit(client)
    fail()
    page = text(delete(client))
    assert "删除成功！" in page
    assert "新增CET6资格复核申请" in page
    assert "复核失败" not in page


def test_e5_a_miss_does_not_tell_what_was_wrong_and_keeps_what_was_typed(client):
    answers = []
    for ticket, known in ((TICKET, {"number": STRANGERS, "name": "李博"}), (OTHER_TICKET, None)):
        if known:
            a_score(known["number"], known["name"], ticket=ticket)
        page = submit(client, ticket)
        assert f'value="{ticket}"' in page.content.decode()
        assert "<title>错误：" in page.content.decode()
        answers.append(text(page).replace(ticket, ""))
    assert answers[0] == answers[1]
    assert "没有对应的CET四级笔试通过记录，无法提交" in answers[0]


def test_e6_a_ticket_of_before_2005_names_the_school(client):
    page = text(submit(client, "993010042100101"))
    assert page.count("CET四级笔试成绩为2005年之前的考生，请联系学校相关负责老师代为申请。") >= 3


@pytest.mark.parametrize("ticket", ["", "99301016210010", "F16299301001001", "9930101621001012", "<b>"])
def test_e2_what_is_no_ticket_number_is_told_beside_the_field(client, ticket):
    page = submit(client, ticket)
    assert "<title>错误：" in page.content.decode()
    assert not Application.objects.exists()
    assert "请输入准考证号。" in text(page) or "不是有效的笔试准考证号（15位数字）" in text(page)


def test_e2_full_width_digits_and_spaces_are_read(client):
    a_score(NUMBER)
    assert "复核通过！" in text(submit(client, " ９９３０１０ 162100101"))


def test_e2_the_box_must_be_ticked(client):
    a_score(NUMBER)
    page = submit(client, mine="")
    assert "请勾选“我确认提交复核的信息所有者为本人”。" in text(page)
    assert not Application.objects.exists()


def test_e2_a_passport_that_applied_for_another_reads_whom_to_ask(client, stage):
    a_score(STRANGERS)
    submit(client)
    other = a_record(stage, number="993010WW2", name="李博", subjects="1")
    looked_up(client, "993010WW2", "李博")
    page = text(client.get("/my/review/"))
    assert "本通行证账号已为其他考生提交复核申请，请联系学校负责老师代为申请。" in page
    assert "保存并提交复核" not in page
    assert "李博" in page
    assert not Application.objects.filter(record=other).exists()


def test_b4_the_form_applies_for_the_record_that_it_showed(client, stage):
    first = client.get("/my/review/")
    a_record(stage, number="993010WW2", name="李博", subjects="1")
    looked_up(client, "993010WW2", "李博")
    a_score(NUMBER)
    client.post("/my/review/", {"record": hidden(first, "record"), "ticket": TICKET, "mine": "on"})
    assert Application.objects.get().record.name == "颜明"


def test_e7_another_passports_record_token_is_worth_nothing(client, signed_in):
    token = hidden(client.get("/my/review/"), "record")
    other = signed_in(agreed(a_passport()))
    answer = other.post("/my/review/", {"record": token, "ticket": TICKET, "mine": "on"})
    assert answer.headers["Location"] == "/my/eligibility/"


def test_e1_who_signs_in_again_finds_the_application_without_looking_up(client, signed_in):
    a_score(STRANGERS)
    submit(client)
    again = signed_in(Application.objects.get().passport)
    assert "复核状态：未复核" in text(again.get("/my/review/"))


def test_e2_a_bound_candidate_applies_for_no_other_record(stage, signed_in):
    passport = a_candidate(stage, number=NUMBER, subjects="1")
    client = signed_in(passport)
    a_record(stage, number="993010WW2", name="李博", subjects="1")
    assert BUTTON not in looked_up(client, "993010WW2", "李博").content.decode()
    assert "颜明" in text(client.get("/my/review/")).partition("申请人")[2]


def test_e2_after_the_window_has_closed_the_page_says_so(stage, signed_in):
    from baokao.exams.models import WindowPiece

    passport = a_candidate(stage, number=NUMBER, subjects="1")
    WindowPiece.objects.update(opens_at=NOW - 3 * (AFTER - NOW), closes_at=NOW - (AFTER - NOW))
    page = text(signed_in(passport).get("/my/review/"))
    assert "复核申请已于" in page
    assert "保存并提交复核" not in page

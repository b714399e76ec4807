"""The journey's pages as a browser without JavaScript gets them (rules B1 to B7, C1 to C4, C9, C10, H3)."""

import re

import pytest
from django.test import Client

from baokao.core.brief import forget_all
from baokao.exams.models import Notice, Sitting
from baokao.registration.models import Entry, Registration
from tests.cast import NOW, SITTING, a_candidate, a_passport, a_record, agreed, set_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return set_stage()


def text(response):
    """What is read, without markup and blanks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def hidden(response, name):
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', response.content.decode())
    assert found, f"no field {name}"
    return found[1]


# Home


def test_b1_without_a_registration_name_status_and_next_step(stage, signed_in):
    shown = text(signed_in(a_passport()).get("/my/"))
    assert "姓名:未设置" in shown.replace("：", ":")
    assert "未报名或当前通行证账号非报名时账号" in shown
    assert "2026年下半年CET考试" in shown
    assert "开始报名" in shown


def test_b1_with_a_registration_it_leads_there(stage, signed_in):
    shown = text(signed_in(a_candidate(stage)).get("/my/"))
    assert "颜明" in shown
    assert "已保存，未报考科目" in shown
    assert "查看报名信息" in shown


def test_b1_with_two_sittings_open_the_person_chooses_first(stage, signed_in):
    Sitting.objects.create(code="20261", name="2026年上半年CET考试", state="open")
    forget_all()
    client = signed_in(a_passport())
    assert client.get("/my/").headers["Location"] == "/my/sitting/"
    page = text(client.get("/my/sitting/"))
    assert "2026年上半年CET考试" in page
    assert "2026年下半年CET考试" in page
    client.post("/my/sitting/", {"sitting": "20261"})
    assert "2026年上半年CET考试" in text(client.get("/my/"))


def test_b1_an_earlier_sitting_stays_readable_to_who_registered_in_it(stage, signed_in):
    passport, stranger = a_candidate(stage), a_passport()
    Sitting.objects.filter(code=SITTING).update(state="closed")
    Sitting.objects.create(code="20271", name="2027年上半年CET考试", state="open")
    forget_all()
    client = signed_in(passport)
    assert "2027年上半年CET考试" in text(client.get("/my/"))
    assert "已结束，仅供查看" in text(client.get("/my/sitting/"))
    client.post("/my/sitting/", {"sitting": SITTING})
    assert "颜明" in text(client.get("/my/registration/"))
    other = signed_in(stranger)
    assert "2026年下半年CET考试" not in text(other.get("/my/sitting/"))
    other.cookies["sitting"] = SITTING
    assert "2027年上半年CET考试" in text(other.get("/my/"))


# Agreement


def test_b2_the_agreement_must_be_ticked(stage, signed_in):
    client = signed_in(a_passport())
    response = client.post("/my/agreement/", {"answer": "yes", "version": "1"})
    assert "<title>错误：" in response.content.decode()
    assert "请勾选“我已阅读并接受遵守本网站报名协议”。" in text(response)


def test_b2_agreeing_leads_to_eligibility_and_disagreeing_home(stage, signed_in):
    client = signed_in(a_passport())
    assert client.get("/my/eligibility/").headers["Location"] == "/my/agreement/"
    assert client.post("/my/agreement/", {"answer": "no"}).headers["Location"] == "/"
    answer = client.post("/my/agreement/", {"answer": "yes", "agree": "on", "version": "1"})
    assert answer.headers["Location"] == "/my/eligibility/"
    assert client.get("/my/eligibility/").status_code == 200


# Eligibility


def test_b3_all_three_are_required_and_what_was_typed_is_kept(stage, signed_in):
    response = signed_in(agreed(a_passport())).post("/my/eligibility/", {"id_number": "993010WW1"})
    assert "请选择证件类型。" in text(response)
    assert "请输入姓名。" in text(response)
    assert "993010WW1" in response.content.decode()


def test_b3_a_miss_says_so_and_keeps_what_was_typed(stage, signed_in):
    typed = {"id_type": "6", "id_number": "993010WW1", "name": "颜明"}
    response = signed_in(agreed(a_passport())).post("/my/eligibility/", typed)
    assert "未查到学籍信息，请核对证件类型、证件号码和姓名；仍查不到请联系学校负责老师。" in text(response)
    assert "993010WW1" in response.content.decode()


def test_h2_the_id_number_is_in_no_address(stage, signed_in):
    a_record(stage, number="993010WW1")
    client = signed_in(agreed(a_passport()))
    answer = client.post("/my/eligibility/", {"id_type": "6", "id_number": "993010WW1", "name": "颜明"})
    assert "993010WW1" not in answer.headers["Location"]
    assert "993010WW1" not in str(answer.cookies)


# Confirmation


def looked_up(client, number="993010WW1", name="颜明"):
    client.post("/my/eligibility/", {"id_type": "6", "id_number": number, "name": name})
    return client.get("/my/confirm/?found=1")


def test_b5_the_confirmation_shows_record_notice_and_contacts(stage, signed_in):
    a_record(stage, number="993010WW1", department="化学学院", major="物理", student_no="01")
    Notice.objects.create(sitting=stage.sitting, school_id="99301", body="请按时缴费。")
    page = looked_up(signed_in(agreed(a_passport())))
    for part in (
        "查询成功！",
        "颜明",
        "993010WW1",
        "澳门身份证",
        "化学学院",
        "物理",
        "请按时缴费。",
        "王老师",
        "010-62980000",
    ):
        assert part in text(page), part
    assert "暂无照片，请联系学校负责老师" in text(page)
    assert "英语四级笔试；日语四级笔试；日语六级笔试；德语四级笔试；德语六级笔试；英语四级口试" in text(page)


def test_b5_without_the_tick_it_refuses_with_请勾选确认(stage, signed_in):
    a_record(stage, number="993010WW1")
    client = signed_in(agreed(a_passport()))
    page = looked_up(client)
    response = client.post("/my/confirm/", {"record": hidden(page, "record")})
    assert "请勾选确认" in text(response)
    assert not Registration.objects.exists()


def test_b5_no_eligible_subject_leaves_no_button(stage, signed_in):
    a_record(stage, number="993010WW1", subjects="")
    page = text(looked_up(signed_in(agreed(a_passport()))))
    assert "资格科目为无，无法继续报名，请联系学校负责老师。" in page
    assert "保存并继续" not in page


def test_b6_before_opening_the_page_says_when_and_saves_nothing(signed_in):
    from datetime import timedelta

    stage = set_stage(opens=timedelta(days=2))
    a_record(stage, number="993010WW1")
    client = signed_in(agreed(a_passport()))
    page = looked_up(client)
    assert "开始报名。" in text(page)
    assert "保存并继续" not in text(page)


def test_b7_saving_leads_to_the_registration(stage, signed_in):
    a_record(stage, number="993010WW1")
    client = signed_in(agreed(a_passport()))
    page = looked_up(client)
    answer = client.post("/my/confirm/", {"record": hidden(page, "record"), "sure": "on"}, follow=True)
    assert "保存成功！" in text(answer)
    assert "当前没有报考" in text(answer)


def test_b7_the_loser_of_a_record_reads_whom_to_ask(stage, signed_in):
    record = a_record(stage, number="993010WW1")
    client = signed_in(agreed(a_passport()))
    page = looked_up(client)
    from baokao.registration import services

    services.save_registration(agreed(a_passport()).id, record.id, NOW)
    response = client.post("/my/confirm/", {"record": hidden(page, "record"), "sure": "on"})
    assert "该考生已由其他通行证账号报名，请使用“找回账号”或联系学校负责老师。" in text(response)


def test_b4_the_form_saves_the_record_that_it_showed_not_the_one_looked_up_since(stage, signed_in):
    a_record(stage, number="993010WW1")
    a_record(stage, number="993010WW2", name="李博")
    client = signed_in(agreed(a_passport()))
    first = looked_up(client)
    looked_up(client, "993010WW2", "李博")
    client.post("/my/confirm/", {"record": hidden(first, "record"), "sure": "on"})
    assert Registration.objects.get().name == "颜明"


def test_e7_another_passports_record_token_is_worth_nothing(stage, signed_in):
    a_record(stage, number="993010WW1")
    page = looked_up(signed_in(agreed(a_passport())))
    other = signed_in(agreed(a_passport()))
    answer = other.post("/my/confirm/", {"record": hidden(page, "record"), "sure": "on"})
    assert answer.headers["Location"] == "/my/eligibility/"
    assert not Registration.objects.exists()


# Written


def test_c1_the_tables_and_the_bound_name(stage, signed_in):
    page = text(signed_in(a_candidate(stage)).get("/my/written/"))
    for part in (
        "英语笔试",
        "小语种笔试",
        "(1)英语四级笔试",
        "(6)德语六级笔试",
        "0.01",
        "(993010)测试学校机构01校区",
        "其他科目",
        "颜明",
    ):
        assert part in page, part


def test_c2_two_of_a_level_are_refused_and_the_ticks_kept(stage, signed_in):
    client = signed_in(a_candidate(stage))
    response = client.post("/my/written/", {"subject": ["1", "3"]})
    assert "英语和小语种笔试同级别科目只能报考1科，四级笔试存在多科报考，请检查数据！" in text(response)
    assert "<title>错误：" in response.content.decode()
    ticked = re.findall(r'<input[^>]*name="subject"[^>]*>', response.content.decode())
    assert sorted(re.search(r'value="(.)"', box)[1] for box in ticked if "checked" in box) == ["1", "3"]
    assert not Entry.objects.exists()


def test_c4_saving_leads_to_the_registration_with_the_entry(stage, signed_in):
    client = signed_in(a_candidate(stage))
    answer = client.post("/my/written/", {"subject": ["1", "4"]}, follow=True)
    page = text(answer)
    for part in (
        "保存成功！",
        "(1)英语四级笔试",
        "(4)日语六级笔试",
        "未支付",
        "全未支付",
        "¥0.02",
        "未编排",
        "考生注册",
    ):
        assert part in page, part


def test_c9_lights_have_words_and_no_numbers(stage, signed_in):
    stage.set_seats("3", 0)
    page = signed_in(a_candidate(stage)).get("/my/written/").content.decode()
    boxes = {re.search(r'value="(.)"', box)[1]: box for box in re.findall(r'<input[^>]*name="subject"[^>]*>', page)}
    assert "disabled" in boxes["3"]
    assert "disabled" not in boxes["1"]
    assert re.search(r'data-level="ok"[^>]*>\s*有', page)
    assert re.search(r'data-level="none"[^>]*>\s*无', page)
    assert "已报满。" in page


def test_c4_a_seat_that_went_meanwhile_is_told_beside_its_subject(stage, signed_in):
    client = signed_in(a_candidate(stage))
    stage.set_seats("1", 0)
    response = client.post("/my/written/", {"subject": ["1"]})
    assert "已报满。" in text(response)
    assert not Entry.objects.exists()


def test_an_entry_that_cannot_be_given_up_is_sent_along_with_the_form(stage, signed_in):
    """A disabled box is not submitted; the page carries its code in a hidden field, so that it isn't given up."""
    client = signed_in(a_candidate(stage))
    client.post("/my/written/", {"subject": ["1"]})
    Entry.objects.update(state="paid")
    page = client.get("/my/written/").content.decode()
    assert re.search(r'<input[^>]*type="hidden"[^>]*name="subject"[^>]*value="1"', page)


# Registration


def test_c10_the_registration_page(stage, signed_in):
    passport = a_candidate(stage)
    client = signed_in(passport)
    client.post("/my/written/", {"subject": ["1"]})
    page = text(client.get("/my/registration/"))
    for part in (
        "必须先完成笔试科目的报考，才可以报考同级别口试。",
        "完成支付科目，可以在首页查看准考证打印时间",
        "存在未支付笔试科目",
        "学籍学校",
        "学籍校区",
        "资格科目",
        "笔试报考科目信息",
        "口试报考科目信息",
        "返回首页",
        "笔试报考",
        "(99301)测试学校机构01",
    ):
        assert part in page, part


def test_h2_the_registration_page_masks_the_id_number(stage, signed_in):
    passport = a_candidate(stage, number="330101199001010000")
    page = signed_in(passport).get("/my/registration/").content.decode()
    assert "330101199001010000" not in page
    assert "330***000" in page


def test_a_passport_sees_its_own_registration_only(stage, signed_in):
    a_candidate(stage, name="别人")
    client = signed_in(a_passport())
    assert client.get("/my/registration/").headers["Location"] == "/my/"
    assert "别人" not in text(client.get("/my/"))


def test_without_an_open_sitting_there_is_a_page_not_an_error(stage, signed_in):
    Sitting.objects.filter(code=SITTING).update(state="closed")
    forget_all()
    response = signed_in(a_passport()).get("/my/", follow=True)
    assert response.status_code == 200
    assert "当前没有开放报名的考次" in text(response)


def test_an_anonymous_visitor_is_led_to_sign_in_and_back(stage):
    assert Client().get("/my/written/").headers["Location"] == "/login/?next=%2Fmy%2Fwritten%2F"

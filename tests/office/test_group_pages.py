"""`/office/group/`: a coordinator picks, locks, pays and releases, and reads what became of each (rules D8, G1, G5)."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baokao.passport.models import Role
from baokao.payments import services
from baokao.payments.models import Attempt, GroupPayment, Pick
from baokao.registration.models import Entry
from tests.cast import NOW, a_candidate, a_record
from tests.files import write_csv
from tests.office.desks import desk_client
from tests.payments.bank import AnotherBank
from tests.payments.doing import enter, hear, start, states
from tests.payments.grouping import TEACHER, a_group, a_locked_group, entries_of, held, picked, start_group, state
from tests.registration.test_pages import text
from tests.signing_in import signed_in_client
from tests.speaking import OWN_OTHER, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(bank):
    return set_speaking_stage()


@pytest.fixture
def one(stage):
    return a_speaker(stage, name="颜明", student_no="0001", department="化学学院", class_name="1班", written="14")


@pytest.fixture
def other(stage):
    return a_speaker(stage, name="王佳怡", student_no="0002", department="文学院", class_name="2班")


@pytest.fixture
def desk(stage):
    return desk_client()


def address(group, rest=""):
    return f"/office/group/{group.id}/{rest}"


def the_group():
    return GroupPayment.objects.get()


# Picking


def test_g5_the_unpaid_entries_are_listed_with_boxes(desk, one, other):
    shown = text(desk.get("/office/group/new/"))
    assert "当前筛选共3科" in shown
    assert "颜明0001化学学院1班(1)英语四级笔试" in shown
    assert "加入全部3科" in shown


def test_d8_ticked_boxes_come_onto_a_new_list_and_nothing_is_locked_yet(desk, one, other):
    response = desk.post(
        "/office/group/new/", {"which": "ticked", "name": "1班", "entry": [str(e) for e in entries_of(one, codes="1")]}
    )
    group = the_group()
    assert response.headers["Location"] == address(group)
    assert (group.name, group.school_id, picked(group), state(group)) == ("1班", "99301", "1", "picking")
    shown = text(desk.get(address(group)))
    assert "待锁定1科，¥0.01" in shown
    assert "锁定1科" in shown


def test_d8_all_of_a_class_come_onto_the_list(desk, one, other):
    filtered = "/office/group/new/?department=化学学院&class=1班"
    shown = text(desk.get(filtered))
    assert "当前筛选共2科" in shown
    assert "王佳怡" not in shown
    desk.post(filtered, {"which": "all", "name": "化学学院 1班"})
    assert picked(the_group()) == "14"


@pytest.mark.parametrize("how", ["typed", "csv", "xlsx"])
def test_d8_by_student_numbers(desk, one, other, tmp_path, how):
    form = {"which": "numbers", "name": "名单"}
    if how == "typed":
        form["numbers"] = "0001\n0099，0001"
    else:
        form["file"] = a_file(tmp_path, how)
    page = desk.post("/office/group/new/", form)
    assert "有1个学号没有可加入的科目。" in text(page)
    assert "0099本校学籍中没有这个学号" in text(page)
    assert "0001\n0099</textarea>" in page.content.decode()
    assert not GroupPayment.objects.exists()
    response = desk.post("/office/group/new/", {"which": "rest", "name": "名单", "numbers": "0001\n0099"})
    assert response.headers["Location"] == address(the_group())
    assert picked(the_group()) == "14"


def test_h3_each_number_that_brings_nothing_is_named_with_its_reason(desk, stage, one, other):
    for number, columns in {"0003": {}, "0004": {}, "0005": {}, "0006": {}, "0009": {"campus_id": "991010"}}.items():
        kind = a_record if number in ("0003", "0009") else a_candidate
        made = kind(stage, name=f"生{number}", student_no=number, **columns)
        if number in ("0005", "0006"):
            enter(made, "1")
    Entry.objects.filter(registration__record__student_no="0005").update(state="paid")
    Entry.objects.filter(registration__record__student_no="0006").update(held_until=NOW - timedelta(minutes=1))
    start(one, "14")
    a_locked_group(other)
    eighth = a_candidate(stage, name="生0008", student_no="0008")
    enter(eighth, "1")
    form = {"which": "numbers", "name": "名单", "numbers": "0001 0002 0003 0004 0005 0006 0007 0008 0009"}
    page = text(desk.post("/office/group/new/", form))
    for line in (
        "0001考生正在支付", "0002已被集体缴费锁定", "0003未报名", "0004未报考科目", "0005已支付", "0006已到期",
        "0007本校学籍中没有这个学号", "0009本校学籍中没有这个学号",
    ):  # fmt: skip
        assert line in page, line
    assert "0008已" not in page
    assert "有8个学号" in page


def a_file(folder, kind):
    if kind == "csv":
        path = write_csv(folder / "numbers.csv", ("学号", "姓名"), {"学号": "0001"}, {"学号": "0099"})
    else:
        import xlsxwriter

        path = folder / "numbers.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate(("学号", "0001", "0099")):
                sheet.write_string(row, 0, cells)
    return SimpleUploadedFile(path.name, path.read_bytes())


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"which": "ticked"}, "请至少勾选一科"),
        ({"which": "ticked", "entry": ["x"]}, "请至少勾选一科"),
        ({"which": "numbers", "numbers": "  "}, "请填写学号"),
        ({"which": "numbers", "numbers": "7777"}, "没有找到可加入的未支付科目"),
        ({"which": "numbers", "file": SimpleUploadedFile("a.csv", "姓名\n颜明\n".encode())}, "缺少的列：学号"),
        ({"which": "numbers", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04nothing")}, "错误"),
        ({"which": "numbers", "file": SimpleUploadedFile("a.csv", "学号\n".encode() + b"1\n" * 20_001)}, "最多2000科"),
    ],
)
def test_h3_a_mistake_is_said_and_what_was_typed_is_kept(desk, one, form, message):
    response = desk.post("/office/group/new/", {"name": "我的名单"} | form)
    assert message in text(response)
    assert 'value="我的名单"' in response.content.decode()
    assert GroupPayment.objects.count() == 0


def test_g1_what_a_form_names_beyond_the_own_school_comes_onto_no_list(stage, one):
    foreign = desk_client(school=["99101"])
    assert "没有符合条件的未支付科目" in text(foreign.get("/office/group/new/"))
    form = {"which": "ticked", "name": "x", "entry": [str(e) for e in entries_of(one)]}
    assert "没有找到可加入的未支付科目" in text(foreign.post("/office/group/new/", form))
    assert "没有找到可加入的未支付科目" in text(
        foreign.post("/office/group/new/", {"which": "numbers", "name": "x", "numbers": "0001"})
    )


def test_d8_more_comes_onto_a_list_that_there_is(desk, one, other):
    group = a_group(one)
    assert "加入全部3科" in text(desk.get(address(group, "add/")))
    form = {"which": "ticked", "entry": [str(e) for e in entries_of(other)]}
    assert desk.post(address(group, "add/"), form).headers["Location"] == address(group)
    assert picked(group) == "114"


# Locking and letting go


def test_d8_locking_says_how_many_and_why_not_the_others(desk, one, other):
    start(one, "1")
    group = a_group(one, other)
    response = desk.post(address(group), {"step": "lock"})
    assert response.headers["Location"] == f"{address(group)}?locked=2&skipped=1"
    shown = text(desk.get(response.headers["Location"]))
    assert "已锁定2科。有1科未能锁定，原因见下表。" in shown
    assert "未能锁定考生正在支付" in shown
    assert "缴费¥0.02" in shown


def test_d8_letting_go_is_asked_once_more_with_how_many(desk, one, other):
    group = a_locked_group(one, other)
    asked = text(desk.post(address(group), {"step": "release", "which": "all"}))
    assert "将移出2人的3科，其中3科解除锁定。" in asked
    assert held(group) == "114"
    response = desk.post(address(group), {"step": "release", "which": "all", "sure": "1"})
    assert response.headers["Location"] == f"{address(group)}?released=3"
    assert (held(group), state(group)) == ("", "released")


def test_d8_some_rows_are_let_go(desk, one, other):
    group = a_locked_group(one, other)
    pick = str(Pick.objects.get(entry__registration__passport=other).id)
    assert "将移出1人的1科" in text(desk.post(address(group), {"step": "release", "pick": [pick]}))
    desk.post(address(group), {"step": "release", "pick": [pick], "sure": "1"})
    assert held(group) == "14"
    assert "请至少勾选一行。" in text(desk.post(address(group), {"step": "release"}))


def test_d8_a_picks_of_another_group_is_not_let_go(desk, one, other):
    first, second = a_locked_group(one), a_locked_group(other)
    pick = str(Pick.objects.get(group=second).id)
    assert "请至少勾选一行。" in text(desk.post(address(first), {"step": "release", "pick": [pick], "sure": "1"}))
    assert held(second) == "1"


# Paying


def test_d8_the_school_goes_to_the_provider_and_comes_back_to_the_group(desk, one, other, bank):
    group = a_locked_group(one, other)
    shown = text(desk.get(address(group, "pay/")))
    assert "2人，3科" in shown
    assert "支付金额¥0.03" in shown
    response = desk.post(address(group, "pay/"), {"way": "alipay"})
    assert response.headers["Location"].startswith("https://bank.example/cashier")
    [sent] = bank.sent
    assert sent.return_url.endswith(address(group))
    assert (sent.amount, sent.subject) == (Attempt.objects.get().amount, "CET考试报名费（3科）")
    waiting = desk.get(address(group))
    assert waiting.headers["Refresh"] == "3"
    assert "支付结果确认中，请勿重复支付" in text(waiting)


def test_d8_the_page_tells_each_students_result(desk, one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    hear(bank.pay(attempt.number, attempt.amount))
    response = desk.get(address(group))
    assert "Refresh" not in response.headers
    shown = text(response)
    assert "已为2人支付3科，共¥0.03" in shown
    assert shown.count("已缴费") >= 4
    assert "锁定3科" not in shown


def test_d6_what_went_back_to_the_school_is_on_the_page(desk, one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    services.end_for_another([attempt], NOW)
    services.release_group(group.id, None, TEACHER, NOW)
    own = start(other, "1")
    hear(bank.pay(own.number, own.amount))
    bank.facts.pop(attempt.number, None)
    hear(bank.pay(attempt.number, attempt.amount))
    shown = text(desk.get(f"{address(group)}?f=back"))
    assert "有1科的款项未能入账，自动退回学校的付款账户。" in shown
    assert "王佳怡0002文学院2班(1)英语四级笔试0.01款项退回该科目已经支付" in shown
    assert "其中¥0.01正在原路退回" in shown


def test_d1_a_way_and_a_bank_are_asked_for(desk, one, monkeypatch):
    made = AnotherBank()
    monkeypatch.setattr("baokao.payments.providers.configured", lambda: {"payease": made})
    group = a_locked_group(one)
    assert "请选择支付平台。" in text(desk.post(address(group, "pay/"), {}))
    assert "请选择支付银行。" in text(desk.post(address(group, "pay/"), {"way": "payease"}))
    page = desk.post(address(group, "pay/"), {"way": "payease", "bank": "85"})
    assert "您选择首信易支付中国银行进行支付,支付金额为0.02元人民币。" in text(page)
    assert 'action="https://another-bank.example/pay"' in page.content.decode()
    assert "https://another-bank.example" in page.headers["Content-Security-Policy"]
    desk.post(address(group, "pay/"), {"step": "cancel"})
    assert (state(group), Attempt.objects.get().state) == ("locked", "ended")


def test_d5_paying_again_first_ends_the_attempt_before(desk, one, bank):
    group = a_locked_group(one)
    first = start_group(group)
    desk.post(address(group, "pay/"), {"way": "alipay"})
    assert sorted(Attempt.objects.values_list("state", flat=True)) == ["ended", "open"]
    assert Attempt.objects.get(id=first.id).state == "ended"


def test_d5_what_turns_out_to_be_paid_is_not_paid_again(desk, one, bank):
    group = a_locked_group(one)
    first = start_group(group)
    bank.pay(first.number, first.amount)
    assert desk.post(address(group, "pay/"), {"way": "alipay"}).headers["Location"] == address(group)
    assert (Attempt.objects.count(), state(group), states(one)) == (1, "paid", "1 paid, 4 paid")


def test_d4_refresh_asks_the_provider(desk, one, bank):
    group = a_locked_group(one)
    attempt = start_group(group)
    bank.pay(attempt.number, attempt.amount)
    assert desk.post(address(group, "refresh/")).headers["Location"] == address(group)
    assert state(group) == "paid"
    assert [desk.post(address(group, "refresh/")).status_code for _ in range(20)][-1] == 429


def test_d8_nothing_can_be_paid_before_it_is_locked(desk, one):
    group = a_group(one)
    assert desk.get(address(group, "pay/")).headers["Location"] == address(group)
    assert desk.post(address(group, "pay/"), {"way": "alipay"}).headers["Location"] == address(group)
    assert Attempt.objects.count() == 0


# Lists and scope


def test_g5_the_list_of_groups_shows_what_each_has(desk, one, other):
    a_locked_group(one), a_group(other)
    shown = text(desk.get("/office/group/"))
    assert "化学学院1班已锁定，待缴费120.02王老师" in shown
    assert "化学学院1班待锁定110.01王老师" in shown
    assert "待锁定110.01" not in text(desk.get("/office/group/?f=locked"))
    assert "没有符合条件的集体缴费" in text(desk.get("/office/group/?q=物理"))


ADDRESSES = ["", "add/", "pay/", "refresh/"]


@pytest.mark.parametrize("rest", ADDRESSES)
def test_g1_a_foreign_schools_group_is_as_if_it_were_not_there(one, rest):
    group, foreign = a_locked_group(one), desk_client(school=["99101"])
    for form in ({"step": "lock"}, {"step": "release", "which": "all", "sure": "1"}, {"way": "alipay"}):
        assert foreign.post(address(group, rest), form).status_code == 404
    if rest != "refresh/":
        assert foreign.get(address(group, rest)).status_code == 404
    assert (held(group), Attempt.objects.count()) == ("14", 0)
    assert "化学学院" not in text(foreign.get("/office/group/"))


def test_g1_a_desk_of_some_departments_sees_no_group_with_others_students(stage, one, other):
    mixed, own = a_group(one, other), a_group(one)
    narrow = desk_client(school=["99301"], department=["化学学院"])
    assert narrow.get(address(mixed)).status_code == 404
    assert narrow.get(address(own)).status_code == 200
    assert "王佳怡" not in text(narrow.get("/office/group/new/"))


def test_g1_a_desk_of_one_campus_picks_its_own_students_alone(stage, one):
    narrow = desk_client(school=["99301"], campus=[OWN_OTHER])
    assert "没有符合条件的未支付科目" in text(narrow.get("/office/group/new/"))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_g1_it_is_the_coordinators_page_alone(stage, one, role):
    group = a_locked_group(one)
    assert desk_client(role).get(address(group)).status_code == 404


def test_h2_no_address_of_these_pages_bears_an_id_number(desk, one, other):
    number = "993010WW"
    assert number not in desk.get("/office/group/new/").content.decode()
    assert number not in desk.get(address(a_group(one))).content.decode()


def test_the_number_of_statements_does_not_grow_with_the_list(desk, stage, one, django_assert_max_num_queries):
    group = a_group(one, *[a_speaker(stage) for _ in range(8)])
    with django_assert_max_num_queries(20):
        desk.get(address(group))
    with django_assert_max_num_queries(20):
        desk.get("/office/group/new/")


# The candidate


def test_d8_the_candidate_sees_the_lock_and_no_clock(one):
    a_locked_group(one, codes="1")
    Entry.objects.filter(subject_id="1").update(held_until=NOW - timedelta(hours=1))
    shown = text(signed_in_client(one).get("/my/registration/"))
    assert "(1)英语四级笔试：该科目已被集体缴费锁定，请联系学校老师。" in shown
    assert "1科未支付" in shown
    paying = text(signed_in_client(one).get("/my/pay/"))
    assert "该科目已被集体缴费锁定，请联系学校老师。" in paying
    assert "已超过支付时间" not in paying


def test_d8_with_everything_locked_nothing_asks_the_candidate_to_pay(one):
    a_locked_group(one)
    shown = text(signed_in_client(one).get("/my/registration/"))
    assert "科未支付，" not in shown
    assert "请通过“支付缴费”进行支付" not in shown
    assert not re.search(r"还剩\d", shown)


def test_d8_released_the_clock_is_back(one):
    group = a_locked_group(one)
    services.release_group(group.id, None, TEACHER, NOW)
    shown = text(signed_in_client(one).get("/my/registration/"))
    assert "2科未支付" in shown
    assert "集体缴费锁定" not in shown


def test_d8_the_written_page_says_why_a_box_can_not_be_changed(one):
    a_locked_group(one, codes="1")
    assert "该科目已被集体缴费锁定，请联系学校老师。" in text(signed_in_client(one).get("/my/written/"))
    enter(one, "1")

"""`/office/group/new/` and `…/add/`: which unpaid entries come onto a list (rules D8, G1, G5, H3)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baokao.payments.models import GroupPayment
from baokao.registration.models import Entry
from tests.cast import NOW, a_candidate, a_record
from tests.files import write_csv
from tests.office.desks import desk_client
from tests.office.group.pages import address
from tests.payments.doing import enter, start
from tests.payments.grouping import a_group, a_locked_group, entries_of, picked, state
from tests.registration.test_pages import text

pytestmark = pytest.mark.django_db


def the_group():
    return GroupPayment.objects.get()


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

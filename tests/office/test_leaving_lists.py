"""Lists that leave the site: files for Excel, and the check list to print (rules G4, H2)."""

import csv
import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from baokao.core.models import AuditRow
from baokao.office.exporting import harmless, lines, workbook
from baokao.office.standing.paging import named
from baokao.registration.models import Registration
from baokao.roster.models import StudentRecord
from tests.cast import a_candidate, a_record
from tests.office.desks import desk_client
from tests.office.filling import shown
from tests.registration.doing import enter

EXPORT = "/office/candidates/export/"
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "|cmd", "%0A", "\x00=1", "\u202e=1"]


@pytest.fixture
def client(stage):
    return desk_client()


@pytest.mark.parametrize("text", HOSTILE)
def test_g4_no_cell_starts_a_formula(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["颜明", "古丽娜尔·买买提", "01", "", "a=1", "1-2班", "化学学院"])
def test_g4_an_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


def read_xlsx(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_g4_a_workbook_holds_texts_as_texts_and_numbers_as_numbers():
    rows = [[*HOSTILE, 7, Decimal("0.01"), None]]
    file = workbook("名单:*?", [f"列{n}" for n in range(len(rows[0]))], rows)
    content = file.read()
    found = read_xlsx(content)
    assert found[1][-3:-1] == [7, 0.01]
    assert all(cell.startswith("'") for cell in found[1][: len(HOSTILE)])
    assert b"<f>" not in content


def test_g4_a_csv_is_read_back_as_it_was_written():
    rows = [["颜明", "一,二", '"三"', "四\n五", 7, Decimal("0.01"), None, *HOSTILE]]
    text = b"".join(lines(["a"] * len(rows[0]), rows)).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found[1][:7] == ["颜明", "一,二", '"三"', "四\n五", "7", "0.01", ""]
    assert all(cell.startswith("'") for cell in found[1][7:])


def export(client, query="", **typed):
    return client.post(EXPORT + query, {"format": "csv"} | typed)


def table(response):
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_the_list_is_exported_as_it_was_filtered(stage, client):
    enter(a_candidate(stage, name="颜明", student_no="01"), "14")
    a_record(stage, name="未报生", student_no="02")
    a_record(stage, name="外校生", campus_id="991010")
    rows = table(export(client))
    assert {row["姓名"] for row in rows} == {"颜明", "未报生"}
    [row] = table(export(client, "?f=unpaid"))
    assert (row["状态"], row["报考科目"], row["未支付金额(元)"], row["学号"]) == ("未支付", "14", "0.02", "01")


def test_g4_numbers_are_masked_unless_asked_for_with_a_reason(stage, client):
    number = a_record(stage, name="颜明").id_number
    assert number not in table(export(client))[0]["证件号码"]
    refused = export(client, whole="on").content.decode()
    assert "请填写理由" in refused
    assert number not in refused
    assert table(export(client, whole="on", reason="上报学院"))[0]["证件号码"] == number


def test_b11_an_exported_eligibility_is_less_what_school_and_national_office_restrict(stage, client):
    a_record(stage, subjects="134", subjects_restricted="3", subjects_barred="4")
    assert table(export(client))[0]["资格科目"] == "1"


def test_g2_each_export_is_in_the_log(stage, client):
    a_record(stage)
    export(client, "?f=missing", whole="on", reason="上报学院").getvalue()
    row = AuditRow.objects.get(action="candidates.exported")
    assert row.detail == {"rows": 1, "filter": "missing", "format": "csv", "whole_numbers": True, "reason": "上报学院"}


def test_the_list_is_exported_for_excel(stage, client):
    a_record(stage, name="=cmd|' /C calc'!A0")
    response = export(client, format="xlsx")
    assert response["Content-Disposition"].endswith(".xlsx")
    assert response["Cache-Control"] == "private, no-store"
    found = read_xlsx(response.getvalue())
    assert found[1][1] == "'=cmd|' /C calc'!A0"


def test_the_export_page_says_how_many_leave_before_they_do(stage, client):
    a_record(stage)
    assert "导出 1 人" in shown(client, EXPORT)
    assert not AuditRow.objects.filter(action="candidates.exported").exists()


def test_more_rows_than_are_read_at_a_time_are_all_exported_in_order(stage, client, monkeypatch):
    monkeypatch.setattr("baokao.office.standing.exports._CHUNK", 2)
    for n in range(5):
        a_record(stage, student_no=f"{n}")
    assert [row["学号"] for row in table(export(client, "?sort=number"))] == list("01234")


# 报名信息核对表


def key(record):
    return named([record.campus_id, record.department, record.major, record.grade, record.class_name])


def print_(client, *records, **typed):
    return client.post("/office/check-list/print/", {"c": [key(record) for record in records]} | typed)


def test_a_check_list_has_one_class_a_page(stage, client):
    one = a_record(stage, name="甲", department="化学学院", class_name="1")
    two = a_record(stage, name="乙", department="文学院", class_name="1")
    a_record(stage, name="丙", department="文学院", class_name="2")
    page = print_(client, one, two).content.decode()
    assert page.count('class="sheet one-page"') == 2
    assert "甲" in page and "乙" in page and "丙" not in page  # noqa: PT018
    assert "本人核对签字" in page


def test_b8_a_check_list_shows_what_was_saved(stage, client):
    passport = a_candidate(stage, name="颜明", class_name="1")
    enter(passport, "1")
    record = StudentRecord.objects.get()
    StudentRecord.objects.update(name="颜明明")
    page = print_(client, record).content.decode()
    assert '<th scope="row">颜明</th>' in page
    assert Registration.objects.get().name == "颜明"


def test_g4_a_check_list_masks_numbers_unless_there_is_a_reason(stage, client):
    record = a_record(stage, class_name="1")
    assert record.id_number not in print_(client, record).content.decode()
    assert "请填写理由" in print_(client, record, whole="on").content.decode()
    assert record.id_number in print_(client, record, whole="on", reason="班级核对").content.decode()
    rows = AuditRow.objects.filter(action="candidates.check_list_printed").order_by("at")
    assert [row.detail["whole_numbers"] for row in rows] == [False, True]


def test_h3_without_a_class_it_says_what_to_do_and_what_was_ticked_is_kept(stage, client):
    record = a_record(stage, class_name="1")
    assert "请先勾选要打印的班级。" in print_(client).content.decode()
    page = print_(client, record, whole="on").content.decode()
    assert "checked" in page.split('name="c"')[1][:200]


def test_g1_a_class_of_another_school_is_not_printed(stage, client):
    foreign = a_record(stage, name="外校生", campus_id="991010", class_name="1")
    page = print_(client, foreign).content.decode()
    assert "外校生" not in page
    assert "所选班级没有学生。" in page
    assert "没有学生" in client.post("/office/check-list/print/", {"c": key(foreign)}).content.decode()


# What JSON can say and no text of PostgreSQL can hold.
UNKEEPABLE = (r'["\u0000","","","",""]', r'["\ud800","","","",""]', "[" * 100_000)


@pytest.mark.parametrize("text", ["x", "[]", "{}", '["a"]', "[1,2,3,4,5]", "null", *UNKEEPABLE])
def test_what_names_no_class_is_no_class(stage, client, text):
    assert "请先勾选要打印的班级。" in client.post("/office/check-list/print/", {"c": text}).content.decode()

"""Proof d1: whatever is sent as a spreadsheet is answered with rows, faults or a refusal, in bounded memory."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from baokao.core.sheets import Findings, UnreadableFile, open_sheet
from baokao.core.sheets.convert import letters, text

REQUIRED, OPTIONAL = ["甲", "乙"], ["丙"]


def read(path: Path) -> tuple[list[tuple[int, tuple[str, ...]]], Findings]:
    findings = Findings()
    with open_sheet(path, REQUIRED, OPTIONAL, findings, lambda *_: None) as sheet:
        return [(row, tuple(cells)) for row, cells in sheet.rows()], findings


def text_file(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = tmp_path / "t.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def book_of(tmp_path: Path, *rows: list[object], more=lambda book, sheet: None) -> Path:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        more(book, sheet)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_columns_are_found_in_any_order_and_encoding(tmp_path, encoding):
    rows, findings = read(text_file(tmp_path, "乙,甲\n𠮷,张\n\n,\n2,1\n", encoding))
    assert rows == [(2, ("张", "𠮷", "")), (5, ("1", "2", ""))]
    assert findings.sound


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_one(tmp_path, end):
    rows, _ = read(text_file(tmp_path, end.join(["甲,乙", "1,2", '"a', 'b",4', ""])))
    assert [cells[:2] for _, cells in rows] == [("1", "2"), (f"a{end}b", "4")]


def test_a_workbook_gives_the_same_rows_as_text(tmp_path):
    path = book_of(tmp_path, ["丙", "乙", "甲"], ["x", 12, "0012"], [], ["", 1.5, True])
    rows, findings = read(path)
    assert rows == [(2, ("0012", "12", "x")), (4, ("TRUE", "1.5", ""))]
    assert findings.sound


def test_d1_a_workbook_whose_table_starts_lower_keeps_the_files_own_row_numbers(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["甲", "乙"])
        sheet.write_row(6, 0, ["1", "2"])

    rows, _ = read(book_of(tmp_path, more=fill))
    assert rows == [(7, ("1", "2", ""))]


def test_d1_formulas_are_text_in_csv_and_their_last_value_in_a_workbook(tmp_path):
    assert read(text_file(tmp_path, "甲,乙\n=1+1,@x\n"))[0] == [(2, ("=1+1", "@x", ""))]
    path = book_of(
        tmp_path,
        ["甲", "乙"],
        more=lambda book, sheet: sheet.write_formula(1, 0, "=1+1", value=2) or sheet.write(1, 1, "x"),
    )
    assert read(path)[0] == [(2, ("2", "x", ""))]


def test_d1_merged_cells_are_faults_with_their_place(tmp_path):
    path = book_of(tmp_path, ["甲", "乙"], more=lambda book, sheet: sheet.merge_range("A3:B4", "张"))
    _, findings = read(path)
    assert [str(fault) for fault in findings.faults] == ["第 3 行，A 列：合并的单元格，请取消合并"]


def test_d1_doubled_missing_and_unknown_headers_are_named(tmp_path):
    assert refusal(text_file(tmp_path, "甲,乙,甲\n")) == "表头中重复的列：甲。"
    assert refusal(text_file(tmp_path, "丙,丁\n")) == "表头（第 1 行）中缺少的列：甲、乙。"
    _, findings = read(text_file(tmp_path, "\ufeff甲*, 乙 ,丁,\n1,2,3,\n"))
    assert [str(warning) for warning in findings.warnings] == ["第 1 行，丁：未知的列，已忽略"]


def test_d1_a_comma_too_many_is_a_fault(tmp_path):
    _, findings = read(text_file(tmp_path, "甲,乙\n1,2,\n1,2,3\n"))
    assert [fault.row for fault in findings.faults] == [3]


def test_d1_nul_and_other_files_are_refused(tmp_path):
    assert "第 3 行含有空字符" in refusal(text_file(tmp_path, b"\xe7\x94\xb2,b\n1,2\n\0,3\n"))
    assert "UTF-16" in refusal(text_file(tmp_path, "甲,乙\n".encode("utf-16")))
    assert "旧式 .xls" in refusal(text_file(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600))
    assert "空的" in refusal(text_file(tmp_path, b""))
    assert "编码" in refusal(text_file(tmp_path, b"\xff\xff\x80,\x80\n"))
    assert "缺少的列" in refusal(text_file(tmp_path, "<html><body>甲</body></html>"))
    assert "打不开" in refusal(tmp_path / "absent.csv")


def test_d1_a_million_columns_and_endless_lines_are_refused(tmp_path):
    assert "列数过多" in refusal(text_file(tmp_path, "甲,乙" + ",x" * 400_000))
    assert "过长" in refusal(text_file(tmp_path, "甲,乙" + ",x" * 3_000_000))
    assert "第 2 行" in refusal(text_file(tmp_path, '甲,乙\n"1,2\n' + "3,4\n" * 50_000))


def test_d1_an_archive_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing more")
    assert "不是有效的" in refusal(path)
    path.write_bytes(b"not even that")
    assert "不是有效的" in refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not a workbook")
    assert "不是有效的" in refusal(path)


def test_d1_a_zip_bomb_is_refused_by_its_own_directory(tmp_path):
    path = book_of(tmp_path, ["甲", "乙"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/bomb", "w") as part:
        for _ in range(450):
            part.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    assert "表格过大" in refusal(path)


def test_d1_one_cell_in_the_far_corner_is_refused_in_bounded_memory(tmp_path):
    path = book_of(tmp_path, ["甲", "乙"], more=lambda book, sheet: sheet.write(1_048_575, 16_383, "z"))
    assert "表格过大" in refusal(path)


def test_d1_one_long_text_shown_very_often_is_refused_in_bounded_memory(tmp_path):
    def fill(book, sheet):
        for row in range(1, 40_000):
            sheet.write_row(row, 0, ["长" * 10_000, "x"])

    assert "表格过大" in refusal(book_of(tmp_path, ["甲", "乙"], more=fill))


def test_d1_a_number_too_long_for_a_spreadsheet_is_noticeable():
    assert text(330101199001010000.0) == "3.30101199001010E+17"
    assert text(991010162100101.0) == "991010162100101"


@given(st.integers(0, 16_383))
def test_column_letters_count_as_spreadsheets_do(column):
    number = 0
    for letter in letters(column):
        number = number * 26 + ord(letter) - 64
    assert number == column + 1

"""Files for import tests, and the command run on them as an operator would."""

import argparse
import csv
import io
from pathlib import Path

import xlsxwriter

from baokao.commands import import_
from baokao.exams.models import Campus, School, Sitting, SittingSubject
from baokao.exams.services import ensure_reference_data

SITTING = "20262"
SCORES = ["准考证号", "证件类型", "证件号码", "姓名", "科目", "成绩"]
SCHOOLS = ["省代码", "学校代码", "学校名称", "校区代码", "校区名称"]
OFFERINGS = ["校区代码", "科目", "容量", "费用", "开放时间", "截止时间"]
_STUDENT = {
    "证件类型": "居民身份证", "证件号码": "11010519491231002X", "姓名": "颜明", "性别": "男", "校区代码": "993010",
    "学历": "本科", "学制": "4", "入学年份": "2023", "年级": "4", "院系": "化学学院", "专业": "物理", "班级": "1",
    "学号": "01", "备注": "", "资格科目": "1F", "限制科目": "", "限制原因": "",
}  # fmt: skip
ROSTER = [*_STUDENT]


def student(**changes: str) -> dict[str, str]:
    """A sound roster row, with changes."""
    return _STUDENT | changes


def places() -> None:
    """One open sitting and three campuses of two schools."""
    ensure_reference_data()
    sitting = Sitting.objects.create(code=SITTING, name="2026年下半年CET考试", state="open")
    SittingSubject.objects.bulk_create(SittingSubject(sitting=sitting, subject_id=code) for code in "123456FS")
    School.objects.create(code="99101", province_id="99", name="测试学校")
    School.objects.create(code="99301", province_id="99", name="测试学校机构01")
    for code in ("991010", "991011", "993010"):
        Campus.objects.create(code=code, school_id=code[:5], name=f"{code}校区")


def write_csv(path: Path, columns: list[str], *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    """A .csv of these columns; a row's other keys are left out."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, columns: list[str], *rows: dict[str, object]) -> Path:
    """An .xlsx of these columns, values as they are."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                sheet.write(number, place, row.get(column, ""))
    return path


def run(kind: str, path: Path, *, dry_run: bool = False, sitting: str | None = None) -> int:
    """`baokao import KIND FILE`; its exit code."""
    return import_.run(argparse.Namespace(kind=kind, file=path, dry_run=dry_run, sitting=sitting))

"""Schools and campuses: one row a campus."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from baokao.core.sheets import Findings

REQUIRED = ["省代码", "学校代码", "学校名称", "校区代码", "校区名称"]
NAME_AT_MOST = 60
_LENGTHS = {"省代码": 2, "学校代码": 5, "校区代码": 6}


@dataclass(frozen=True)
class CampusRow:
    """One sound row."""

    row: int
    province: str
    school: str
    school_name: str
    campus: str
    campus_name: str


def read(rows: Iterable[tuple[int, Sequence[str]]], provinces: set[str], findings: Findings) -> list[CampusRow]:
    """Every row, faults noted: unknown provinces, codes that don't nest, a campus twice, two names for one school."""
    found: list[CampusRow] = []
    campuses: dict[str, int] = {}
    schools: dict[str, tuple[int, str]] = {}
    for row, cells in rows:
        province, school, school_name, campus, campus_name = (" ".join(cell.split()) for cell in cells)
        codes_sound = _codes_are_sound(row, province, school, campus, provinces, findings)
        for column, name in (("学校名称", school_name), ("校区名称", campus_name)):
            if not name:
                findings.fault(row, column, "未填写")
            elif len(name) > NAME_AT_MOST or not name.isprintable():
                findings.fault(row, column, f"过长（多于 {NAME_AT_MOST} 个字符）或含有无法识别的字符")
        if codes_sound:
            if campuses.setdefault(campus, row) != row:
                findings.fault(row, "校区代码", f"与第 {campuses[campus]} 行的校区相同")
            first, name = schools.setdefault(school, (row, school_name))
            if name != school_name:
                findings.fault(row, "学校名称", f"与第 {first} 行不一致：学校 {school} 在该行名为“{name}”")
        found.append(CampusRow(row, province, school, school_name, campus, campus_name))
    return found


def _codes_are_sound(
    row: int, province: str, school: str, campus: str, provinces: set[str], findings: Findings
) -> bool:
    before = findings.fault_count
    for column, code in (("省代码", province), ("学校代码", school), ("校区代码", campus)):
        if not code:
            findings.fault(row, column, "未填写")
        elif not re.fullmatch(rf"[0-9]{{{_LENGTHS[column]}}}", code):
            findings.fault(row, column, f"应为 {_LENGTHS[column]} 位数字，不是“{code[:10]}”")
    if findings.fault_count > before:
        return False
    if province not in provinces:
        findings.fault(row, "省代码", f"未知的省“{province}”")
    if not school.startswith(province):
        findings.fault(row, "学校代码", f"不以省代码 {province} 开头")
    if not campus.startswith(school):
        findings.fault(row, "校区代码", f"不以学校代码 {school} 开头")
    return findings.fault_count == before

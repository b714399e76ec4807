"""Short ways of importing a sitting's set-up, written in a test as an operator would write it."""

from textwrap import dedent

import pytest

from baokao.core.brief import forget_all
from baokao.exams.models import Campus, School
from baokao.exams.services import ensure_reference_data
from tests.files import run

SITTING = """
sitting: {code: 20262, name: 2026年下半年CET考试, state: open}
exams:
  written: {day: 2026-12-12, subjects: [{code: 1}, {code: 3}]}
  speaking_4: {day: 2026-11-14, subjects: [{code: F}]}
agreement: {label: 第一版, text: 考生本人已认真阅读。}
"""
SAME = "sitting: {code: 20262}\n"


def schools():
    """Two schools of the test province, one with two campuses."""
    ensure_reference_data()
    forget_all()
    School.objects.create(code="99101", province_id="99", name="测试学校")
    School.objects.create(code="99301", province_id="99", name="测试学校机构01")
    for code in ("991010", "991011", "993010"):
        Campus.objects.create(code=code, school_id=code[:5], name=f"{code}校区")


@pytest.fixture
def importing(tmp_path, capsys):
    """`importing(text)` is exit code and output of `baokao import sitting`."""

    def go(text, **options):
        path = tmp_path / "sitting.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        code = run("sitting", path, **options)
        printed = capsys.readouterr()
        forget_all()
        return code, printed.out + printed.err.replace("读取…\n", "").replace("写入…\n", "")

    return go

"""`baokao import schools`: codes nest, faults are listed, a file twice changes nothing."""

import pytest

from baokao.exams.models import Campus, Province, School, Subject
from baokao.exams.services import ensure_reference_data
from tests.files import SCHOOLS, run, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    ensure_reference_data()


@pytest.fixture
def imported(tmp_path, capsys):
    def go(*rows, encoding="utf-8", **options):
        path = write_csv(
            tmp_path / "s.csv", SCHOOLS, *(dict(zip(SCHOOLS, row.split(","), strict=True)) for row in rows),
            encoding=encoding,
        )  # fmt: skip
        code = run("schools", path, **options)
        return code, capsys.readouterr().out

    return go


def test_the_reference_data_is_there():
    assert (Province.objects.count(), Subject.objects.count()) == (32, 12)
    assert str(Subject.objects.get(code="S")) == "(S) 英语六级口试"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_schools_and_campuses_are_added_renamed_and_left(imported, encoding):
    code, out = imported("99,99101,测试学校,991010,东校区", "99,99101,测试学校,991011,西校区", encoding=encoding)
    assert (code, "新增 2，更改 0，未变 0" in out) == (0, True)
    _, out = imported("99,99101,测试学校,991010,东校区", "99,99101,测试学校,991011,西校区")
    assert "新增 0，更改 0，未变 2" in out
    _, out = imported("99,99101,测试大学,991010,东校区")
    assert "新增 0，更改 1，未变 0" in out
    assert School.objects.get().name == "测试大学"
    assert Campus.objects.get(code="991011").name == "西校区"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("98,98101,x,981010,y", "省代码：未知的省“98”"),
        ("99,11101,x,111010,y", "学校代码：不以省代码 99 开头"),
        ("99,99101,x,991020,y", "校区代码：不以学校代码 99101 开头"),
        ("9,99101,x,991010,y", "省代码：应为 2 位数字，不是“9”"),
        ("99,99101,,991010,y", "学校名称：未填写"),
        ("99,99102,测试学校,991010,y", "校区代码：不以学校代码 99102 开头"),
        ("99,99101,别名,991011,y", "学校名称：与第 2 行不一致：学校 99101 在该行名为“测试学校”"),
        ("99,99101,测试学校,991010,y", "校区代码：与第 2 行的校区相同"),
    ],
)
def test_each_fault_names_row_column_and_reason(imported, row, fault):
    code, out = imported("99,99101,测试学校,991010,东校区", row)
    assert code == 1
    assert f"错误  第 3 行，{fault}" in out
    assert not School.objects.exists()


def test_a_dry_run_writes_nothing(imported):
    assert imported("99,99101,测试学校,991010,东校区", dry_run=True)[0] == 0
    assert not School.objects.exists()

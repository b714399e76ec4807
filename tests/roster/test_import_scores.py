"""`baokao import scores`: the ticket number of facts.md, rules B11 and E6."""

import pytest

from baokao.core.models import AuditRow
from baokao.exams.models import Sitting
from baokao.roster.models import PastScore, StudentRecord
from tests import files
from tests.files import ROSTER, SCORES, run, student, write_csv

pytestmark = pytest.mark.django_db
_SCORE = {
    "准考证号": "993010162100101", "证件类型": "1", "证件号码": "11010519491231002X", "姓名": "颜明",
    "科目": "1", "成绩": "425",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _record(db, tmp_path):
    files.places()
    run("roster", write_csv(tmp_path / "r.csv", ROSTER, student()))


@pytest.fixture
def imported(tmp_path, capsys):
    capsys.readouterr()

    def go(*rows, **options):
        code = run("scores", write_csv(tmp_path / "c.csv", SCORES, *rows), **options)
        return code, capsys.readouterr().out

    return go


def by_score() -> str:
    return StudentRecord.objects.get().subjects_by_score


def test_b11_a_score_that_comes_after_the_roster_counts_too(imported):
    code, out = imported(_SCORE | {"姓名": "颜　明"})
    assert (code, "新增 1" in out, "获得英语六级报考资格的考生 1 人" in out) == (0, True, True)
    assert by_score() == "2S"
    assert PastScore.objects.get().id_number == "11010519491231002X"


def test_g3_the_same_scores_twice_change_nothing_and_a_corrected_one_is_an_update(imported):
    imported(_SCORE)
    before, audits = list(PastScore.objects.values()), AuditRow.objects.count()
    _, out = imported(_SCORE)
    assert "新增 0，更改 0，未变 1" in out
    assert (list(PastScore.objects.values()), AuditRow.objects.count()) == (before, audits)
    _, out = imported(_SCORE | {"成绩": "300"})
    assert "新增 0，更改 1，未变 0" in out
    assert (PastScore.objects.get().score, by_score()) == (300, "2S")


@pytest.mark.parametrize(
    "changes",
    [{"姓名": "颜鸣"}, {"证件号码": "993010WW9"}, {"成绩": "424"}, {"准考证号": "993010042100101"},
     {"准考证号": "993010162200101", "科目": "2"}],
)  # fmt: skip
def test_b11_e6_other_scores_give_nothing(imported, changes):
    code, _ = imported(_SCORE | changes)
    assert code == 0
    assert by_score() == ""


def test_b11_a_sitting_that_is_over_is_left_alone(imported):
    Sitting.objects.update(state="closed")
    imported(_SCORE)
    assert by_score() == ""


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"准考证号": "99301016210010"}, "准考证号：不是有效的笔试准考证号"),
        ({"准考证号": "993010163100101"}, "准考证号：不是有效的笔试准考证号"),
        ({"准考证号": "993010162100001"}, "准考证号：不是有效的笔试准考证号"),
        ({"准考证号": "993010162100131"}, "准考证号：不是有效的笔试准考证号"),
        ({"准考证号": "F93010162100101"}, "准考证号：不是有效的笔试准考证号"),
        ({"科目": "2"}, "科目：与准考证号不符：准考证号第 10 位是 1"),
        ({"科目": "F"}, "科目：未知的笔试科目“F”"),
        ({"成绩": "711"}, "成绩：应为 0–710 的整数"),
        ({"成绩": "-1"}, "成绩：应为 0–710 的整数"),
        ({"成绩": ""}, "成绩：未填写"),
    ],
)
def test_each_fault_names_row_column_and_reason(imported, changes, fault):
    code, out = imported(_SCORE | {"准考证号": "993010162100102"}, _SCORE | changes)
    assert code == 1
    assert f"错误  第 3 行，{fault}" in out
    assert not PastScore.objects.exists()


def test_one_ticket_number_twice_is_a_fault(imported):
    code, out = imported(_SCORE, _SCORE | {"姓名": "李博"})
    assert (code, "第 3 行，准考证号：与第 2 行的准考证号相同" in out) == (1, True)


def test_a_dry_run_writes_nothing(imported):
    assert imported(_SCORE, dry_run=True)[0] == 0
    assert not PastScore.objects.exists()

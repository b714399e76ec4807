"""`baokao import roster`: rules B3, B8, B11, G3 and the faults of facts.md; proof d4 on the way in."""

import pytest
from django.test import override_settings

from baokao.core import clock
from baokao.core.models import AuditRow
from baokao.exams.models import Sitting
from baokao.roster.models import PastScore, StudentRecord
from baokao.roster.queries import find_record
from baokao.roster.rules import name_key
from tests import files
from tests.files import ROSTER, SITTING, run, student, write_csv, write_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db):
    files.places()


@pytest.fixture
def imported(tmp_path, capsys):
    """Import rows; the exit code and what was printed."""

    def go(*rows, columns=ROSTER, **options):
        code = run("roster", write_csv(tmp_path / "r.csv", columns, *rows), **options)
        return code, capsys.readouterr().out

    return go


def snapshot():
    return list(StudentRecord.objects.order_by("id").values())


def test_a_sound_file_is_applied_and_its_rows_are_found(imported):
    code, out = imported(student(), student(证件号码="993010WW1", 证件类型="澳门身份证", 姓名="李博"))
    assert code == 0
    assert "学籍：2 行，新增 2，更改 0，未变 0。" in out
    record = find_record(SITTING, "1", "11010519491231002x", " 颜 明 ")
    assert record is not None
    assert record.id_number == "11010519491231002X"
    assert (record.campus_id, record.written_campus_id, record.subjects_given) == ("993010", "993010", "1F")
    assert (record.degree, record.length, record.entry_year, record.class_name) == ("本科", "4", "2023", "1")


def test_g3_the_same_file_twice_changes_nothing(imported):
    imported(student(), student(证件号码="H12345678", 证件类型="3"))
    before, audits = snapshot(), AuditRow.objects.count()
    code, out = imported(student(), student(证件号码="Ｈ１２３４５６７８", 证件类型="港澳居民往来内地通行证"))
    assert (code, "新增 0，更改 0，未变 2" in out) == (0, True)
    assert snapshot() == before
    assert AuditRow.objects.count() == audits == 1


def test_g3_a_changed_row_updates_its_record_and_absent_rows_stay(imported):
    imported(student(), student(证件号码="H12345678", 证件类型="3"))
    before = StudentRecord.objects.get(id_type="1")
    _, out = imported(student(姓名="颜鸣", 资格科目="英语四级笔试；英语六级笔试", 限制科目="2", 限制原因="作弊"))
    assert "新增 0，更改 1，未变 0" in out
    after = StudentRecord.objects.get(id_type="1")
    assert (after.id, after.name, after.subjects_given) == (before.id, "颜鸣", "12")
    assert (after.subjects_restricted, after.restriction_reason) == ("2", "作弊")
    assert StudentRecord.objects.count() == 2


def test_g3_a_dry_run_counts_and_writes_nothing(imported):
    code, out = imported(student(), dry_run=True)
    assert (code, "新增 1" in out, "试运行" in out) == (0, True, True)
    assert not StudentRecord.objects.exists()
    assert not AuditRow.objects.exists()


def test_g3_one_fault_stops_the_whole_file_and_each_is_listed(imported):
    code, out = imported(
        student(), student(证件号码="", 性别="未知"), student(证件号码="993010WW2", 校区代码="123456", 资格科目="1Z")
    )
    assert code == 1
    assert "错误  第 3 行，证件号码：未填写" in out
    assert "错误  第 3 行，性别：应为男或女，不是“未知”" in out
    assert "错误  第 4 行，校区代码：未知的校区“123456”" in out
    assert "错误  第 4 行，资格科目：未知的科目“1Z”" in out
    assert not StudentRecord.objects.exists()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"证件类型": "军官证"}, "证件类型：未知的证件类型“军官证”"),
        ({"证件类型": ""}, "证件类型：未填写"),
        ({"姓名": " \u200b "}, "姓名：未填写"),
        ({"姓名": "长" * 61}, "姓名：过长"),
        ({"备注": "长" * 201}, "备注：过长（多于 200 个字符）"),
        ({"证件号码": "3.30101E+17"}, "证件号码：是数值（科学计数法）"),
        ({"限制科目": "口语"}, "限制科目：未知的科目“口语”"),
        ({"笔试报名校区代码": "991010"}, "笔试报名校区代码：991010 不是学校 99301 的校区"),
        ({"笔试报名校区代码": "993019"}, "笔试报名校区代码：未知的校区“993019”"),
    ],
)
def test_each_fault_names_row_column_and_reason(imported, changes, fault):
    code, out = imported(student(**changes), columns=[*ROSTER, "笔试报名校区代码"])
    assert code == 1
    assert f"错误  第 2 行，{fault}" in out


def test_one_id_number_twice_in_the_file_is_a_fault_however_it_is_written(imported):
    code, out = imported(student(), student(证件号码="1101 0519 4912 3100 2x", 姓名="别人"), student(证件类型="4"))
    assert code == 1
    assert "第 3 行，证件号码：与第 2 行的证件号码相同" in out
    assert "第 4 行，证件号码：与第 2 行的证件号码相同" in out


def test_g3_an_id_number_in_another_schools_roster_is_a_conflict_that_names_the_school(imported):
    imported(student())
    code, out = imported(student(校区代码="991010"))
    assert code == 1
    assert "第 2 行，证件号码：学籍冲突：该证件号码已在(99301)测试学校机构01的学籍库中" in out


def test_the_same_student_may_stand_in_another_sitting(imported):
    Sitting.objects.create(code="20271", name="下一次")
    imported(student())
    code, out = imported(student(校区代码="991010"), sitting="20271")
    assert (code, "新增 1" in out) == (0, True)


def test_a_written_campus_of_the_same_school_is_kept(imported):
    code, _ = imported(student(校区代码="991010", 笔试报名校区代码="991011"), columns=["笔试报名校区代码", *ROSTER])
    assert code == 0
    assert StudentRecord.objects.get().written_campus_id == "991011"


def test_b3_an_odd_id_number_is_only_warned_of(imported):
    code, out = imported(student(证件号码="330101199001010000"))
    assert code == 0
    assert "提醒  第 2 行，证件号码：居民身份证号码校验位不符" in out


def test_g3_a_removed_record_is_taken_up_again(imported):
    imported(student())
    StudentRecord.objects.update(removed_at=clock.now())
    assert find_record(SITTING, "1", "11010519491231002X", "颜明") is None
    _, out = imported(student())
    assert "更改 1" in out
    assert StudentRecord.objects.get().removed_at is None


def test_d4_a_name_is_found_in_every_form(imported):
    imported(
        student(姓名="买买提·𠮷㛃"), student(证件号码="H12345678", 证件类型="3", 姓名="王\ue81e\u200f"),
        student(证件号码="12345678", 证件类型="6", 姓名="ｌｉ　Ｍｉｎｇ"),
        student(证件号码="A1234563", 证件类型="5", 姓名="阿" * 30),
    )  # fmt: skip
    assert find_record(SITTING, "1", "11010519491231002X", "买买提 ． 𠮷\u200b㛃")
    assert find_record(SITTING, "3", "h12345678", "王\u9fb4")
    assert find_record(SITTING, "6", "1234567（8）", "Li  MING")
    assert find_record(SITTING, "5", "A123456(3)", "阿" * 30)
    assert StudentRecord.objects.get(id_type="3").name == "王\u9fb4"


def test_a_backslash_is_a_letter_like_any_other(imported):
    imported(student(备注="a\\N\\tb\\", 姓名="\\N"))
    record = StudentRecord.objects.get()
    assert (record.remark, record.name) == ("a\\N\\tb\\", "\\N")


def score(number: str, name: str, ticket: str, mark: int) -> None:
    past = PastScore(
        ticket_number=ticket, id_type="1", name=name, name_key=name_key(name), subject_code="1", score=mark
    )
    past.id_number = number
    past.save(force_insert=True)


def test_b11_a_score_of_425_with_number_and_name_gives_level_six(imported):
    score("11010519491231002X", "颜 明", "993010162100101", 425)
    imported(student())
    assert StudentRecord.objects.get().subjects_by_score == "2S"


@pytest.mark.parametrize(
    ("name", "ticket", "mark"),
    [("颜鸣", "993010162100101", 500), ("颜明", "993010162100101", 424), ("颜明", "993010042100101", 500),
     ("颜明", "993010892100101", 82)],
)  # fmt: skip
def test_b11_another_name_a_lower_score_or_a_sitting_before_2005_gives_nothing(imported, name, ticket, mark):
    score("11010519491231002X", name, ticket, mark)
    imported(student())
    assert StudentRecord.objects.get().subjects_by_score == ""


def test_g3_no_import_takes_away_what_a_score_or_a_review_gave(imported):
    imported(student())
    StudentRecord.objects.update(subjects_by_score="2S", subjects_by_review="2S")
    imported(student(姓名="改名", 资格科目=""))
    record = StudentRecord.objects.get()
    assert (record.subjects_by_score, record.subjects_by_review, record.subjects_given) == ("2S", "2S", "")


def test_a_rotation_of_keys_makes_no_row_look_changed(imported):
    old, new = {1: b"a" * 32}, {1: b"a" * 32, 2: b"b" * 32}
    with override_settings(DIGEST_KEYS=old):
        imported(student(), student(证件号码="H12345678", 证件类型="3"))
        score("11010519491231002X", "颜鸣", "993010162100101", 425)
    with override_settings(DIGEST_KEYS=new):
        _, out = imported(student(), student(证件号码="H12345678", 证件类型="3"))
        assert "新增 0，更改 0，未变 2" in out
        _, out = imported(student(姓名="颜鸣"))
        assert "新增 0，更改 1，未变 0" in out
        assert StudentRecord.objects.get(id_type="1").subjects_by_score == "2S"
        assert StudentRecord.objects.count() == 2


def test_a_workbook_is_imported_like_text_and_its_spoilt_numbers_are_faults(tmp_path, capsys):
    sound = write_xlsx(tmp_path / "a.xlsx", ROSTER, student(年级=4, 学号=1))  # type: ignore[arg-type]
    assert run("roster", sound) == 0
    assert StudentRecord.objects.get().grade == "4"
    spoilt = write_xlsx(tmp_path / "b.xlsx", ROSTER, student(证件号码=330101199001010000))  # type: ignore[arg-type]
    assert run("roster", spoilt) == 1
    assert "科学计数法" in capsys.readouterr().out


def test_the_sitting_must_be_clear(tmp_path, capsys):
    Sitting.objects.create(code="20271", name="下一次", state="open")
    path = write_csv(tmp_path / "r.csv", ROSTER, student())
    assert run("roster", path) == 1
    assert "--sitting" in capsys.readouterr().err
    assert run("roster", path, sitting="20301") == 1
    assert run("roster", path, sitting="20271") == 0

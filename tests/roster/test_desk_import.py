"""A desk's import of a roster file: checked, looked at, applied (rules G1, G3, B8, B11; facts, Roster)."""

import pytest
from django.db import connection

from baokao.core.models import Upload
from baokao.core.verdict import RefusedError
from baokao.roster.models import ImportCells, ImportLine, RecordChange, RosterImport, StudentRecord
from baokao.roster.queries import find_record
from baokao.roster.reach import Reach
from baokao.roster.services import imports
from tests import files
from tests.cast import NOW
from tests.files import ROSTER, SITTING, student
from tests.roster.desk import LI, WHO, Desk, audited, confirm, counts, findings, records, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db, tmp_path):
    files.places()
    return Desk(tmp_path)


def test_g3_a_sound_file_waits_for_a_person_and_is_then_applied(desk):
    one = desk.checked(student(), student(**LI))
    assert counts(one) == ("ready", 2, 0, 0)
    assert not StudentRecord.objects.exists()
    assert [(line.row, line.verdict, line.name, line.id_number) for line in one.lines.order_by("row")] == [
        (2, "added", "颜明", "11010519491231002X"),
        (3, "added", "李博", "993010WW1"),
    ]
    assert counts(confirm(one)) == ("applied", 2, 0, 0)
    record = find_record(SITTING, "1", "11010519491231002X", "颜明")
    assert record is not None
    assert record.id_number == "11010519491231002X"
    assert {change.kind for change in RecordChange.objects.filter(roster_import_id=one.id)} == {"added"}
    assert not Upload.objects.exists(), "the file goes when it has been applied"
    assert not ImportLine.objects.exists()


def test_g3_the_same_file_again_changes_nothing(desk):
    desk.applied(student(), student(**LI))
    before = records()
    again = desk.checked(student(), student(**LI))
    assert counts(again) == ("ready", 0, 0, 0)
    with pytest.raises(RefusedError, match=r"import\.nothing"):
        confirm(again)
    assert records() == before
    assert RosterImport.objects.values("file_digest").distinct().count() == 1


def test_g3_a_changed_row_says_which_columns_and_absent_rows_stay(desk):
    desk.applied(student(), student(**LI))
    one = desk.checked(student(姓名="颜鸣", 院系="物理学院"))
    assert counts(one) == ("ready", 0, 1, 0)
    assert one.lines.get().differs == "姓名、院系"
    confirm(one)
    assert set(StudentRecord.objects.values_list("name", flat=True)) == {"颜鸣", "李博"}
    assert RecordChange.objects.get(kind="changed").before["name"] == "颜明"


def test_g3_nothing_of_a_file_with_a_fault_is_applied_unless_its_rows_are_left_out(desk):
    one = desk.checked(student(), student(**LI, 性别="?"))
    assert (one.state, one.added, one.faulty, one.faults) == ("ready", 1, 1, 1)
    assert findings(one) == ["3 性别 应为男或女，不是“?”"]
    with pytest.raises(RefusedError, match=r"import\.faults"):
        confirm(one)
    assert confirm(one, without_faulty=True).state == "applied"
    assert StudentRecord.objects.get().name == "颜明"


def test_g3_the_cells_of_faulty_rows_are_kept_as_typed_and_sealed(desk):
    desk.applied(student(**LI))
    twice = {"证件号码": "H12345678", "证件类型": "3"}
    one = desk.checked(
        student(性别=" x"), student(**twice), student(校区代码="991010", **LI), student(**twice, 姓名="王")
    )
    kept = {cells.row: cells.cells for cells in ImportCells.objects.filter(roster_import=one)}
    assert kept.keys() == {2, 3, 4, 5}
    assert '" x"' in kept[2]
    assert "H12345678" in kept[3]
    assert not any(b"H12345678" in bytes(cells.cells_sealed) for cells in ImportCells.objects.all())


def test_one_number_twice_in_the_file_is_a_fault_of_both_rows(desk):
    one = desk.checked(student(), student(姓名="别人"), student(**LI))
    assert findings(one) == ["2 证件号码 与第 3 行的证件号码相同", "3 证件号码 与第 2 行的证件号码相同"]
    confirm(one, without_faulty=True)
    assert StudentRecord.objects.get().name == "李博"


def test_h2_a_finding_never_quotes_a_whole_number(desk):
    one = desk.checked(student(证件类型="11010519491231002X", 资格科目="11010519491231002X"))
    assert len(findings(one)) == 2
    assert not any("1010519491231002" in text or "110105194" in text for text in findings(one))


def test_a_file_that_is_none_is_refused_in_a_sentence_and_removed(desk):
    one = desk.sent_file(b"PK\x03\x04 nothing", name="x.xlsx")
    imports.check(one, NOW)
    found = RosterImport.objects.get(id=one)
    assert (found.state, found.message) == ("refused", "文件不是有效的 .xlsx 表格。")
    assert not Upload.objects.exists()


def test_a_merged_cell_stops_the_file_as_a_whole(desk, tmp_path):
    import xlsxwriter

    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ROSTER)
        for row, cells in enumerate((student(), student(**LI)), start=1):
            sheet.write_row(row, 0, [cells[name] for name in ROSTER])
        sheet.merge_range(1, 9, 2, 9, "化学学院")
    one = desk.sent_file(path.read_bytes(), name="merged.xlsx")
    imports.check(one, NOW)
    found = RosterImport.objects.get(id=one)
    assert found.blocked == 1
    with pytest.raises(RefusedError, match=r"import\.blocked"):
        confirm(found, without_faulty=True)


# What a coordinator's file may touch


def test_g1_a_row_of_another_school_or_campus_is_a_fault(desk, tmp_path):
    one = desk.checked(student(校区代码="991010"))
    assert findings(one) == ["2 校区代码 991010 不是本校的校区"]
    narrowed = Desk(tmp_path, Reach.of("99101", ["991010"], []))
    assert findings(narrowed.checked(student(校区代码="991011"))) == ["2 校区代码 校区 991011 不在您的管理范围内"]


def test_g1_departments_bound_a_file_both_ways(desk, tmp_path):
    desk.applied(student())
    narrowed = Desk(tmp_path, Reach.of("99301", [], ["物理学院"]))
    one = narrowed.checked(student(院系="物理学院"), student(**LI, 院系="化学学院"))
    assert findings(one) == [
        "2 证件号码 该考生已在本校其他校区或院系的学籍中，不在您的管理范围内",
        "3 院系 该院系不在您的管理范围内",
    ]


# 整体替换


def test_g3_replacing_removes_the_absent_when_their_number_is_typed(desk):
    desk.applied(student(), student(**LI))
    one = desk.checked(student(), mode="replace")
    assert counts(one) == ("ready", 0, 0, 1)
    for typed in (0, 2):
        with pytest.raises(RefusedError, match=r"import\.count"):
            confirm(one, removed=typed)
    confirm(one, removed=1)
    assert find_record(SITTING, "6", "993010WW1", "李博") is None
    assert StudentRecord.objects.get(name="李博").removed_at == NOW


def test_g3_replacing_removes_nobody_of_another_school_or_out_of_reach(desk, tmp_path):
    Desk(tmp_path, Reach("99101")).applied(student(校区代码="991010"), student(**LI, 校区代码="991011"))
    narrowed = Desk(tmp_path, Reach.of("99101", ["991010"], []))
    one = narrowed.checked(student(证件号码="H12345678", 证件类型="3", 校区代码="991010"), mode="replace")
    assert counts(one) == ("ready", 1, 0, 1)
    assert one.lines.get(verdict="removed").name == "颜明"


def test_g3_replacing_never_removes_who_stands_in_a_faulty_row(desk):
    desk.applied(student(), student(**LI))
    one = desk.checked(student(), student(**LI, 性别=""), mode="replace")
    assert counts(one) == ("ready", 0, 0, 0)
    nameless = desk.checked(student(), student(证件号码=""), mode="replace")
    assert nameless.blocked == 1, "who that is can't be told, and so not who is absent"


def test_b11_no_import_takes_eligibility_or_a_national_restriction_away(desk):
    desk.applied(student())
    StudentRecord.objects.update(
        subjects_by_score="2S", subjects_by_review="2S", subjects_barred="1", barred_reason="违规处理"
    )
    desk.applied(student(资格科目="", 姓名="改名"))
    desk.applied(student(**LI), mode="replace", removed=1)
    desk.applied(student())
    record = StudentRecord.objects.get(name="颜明")
    assert (record.subjects_by_score, record.subjects_by_review, record.restricted) == ("2S", "2S", "1")
    assert (record.barred_reason, record.removed_at) == ("违规处理", None)


# What moves between looking and applying


def test_g3_a_roster_that_moved_is_checked_again_and_asked_about_again(desk):
    desk.applied(student())
    one = desk.checked(student(姓名="甲"))
    desk.applied(student(姓名="乙"))
    found = confirm(one)
    assert (found.state, found.moved) == ("uploaded", True)
    assert "重新核对" in found.message
    imports.check(one.id, NOW)
    again = RosterImport.objects.get(id=one.id)
    assert (counts(again), again.moved) == (("ready", 0, 1, 0), True)
    assert confirm(again).state == "applied"
    assert StudentRecord.objects.get().name == "甲"


def test_g3_a_number_that_came_in_meanwhile_is_no_crash(desk):
    one = desk.checked(student())
    desk.applied(student(姓名="乙"))
    assert confirm(one).state == "uploaded"
    other = desk.checked(student(**LI), mode="replace")
    desk.applied(student(证件号码="H12345678", 证件类型="3"))
    assert other.removed == 1
    assert confirm(other, removed=1).state == "uploaded", "another student would be removed than was seen"


def test_g3_jobs_may_run_twice(desk):
    one = desk.sent(student())
    imports.check(one, NOW)
    imports.check(one, NOW)
    found = confirm(RosterImport.objects.get(id=one))
    imports.apply(one, NOW)
    imports.undo(one, NOW)
    assert (found.state, StudentRecord.objects.count(), RecordChange.objects.count()) == ("applied", 1, 1)


def test_g3_a_check_cut_off_begins_again(desk):
    one = desk.sent(student(), student(**LI, 性别=""))
    imports.check(one, NOW)
    RosterImport.objects.filter(id=one).update(state="checking")
    imports.check(one, NOW)
    found = RosterImport.objects.get(id=one)
    assert (counts(found), found.lines.count(), found.findings.count()) == (("ready", 1, 0, 0), 2, 2)


def test_no_check_leaves_its_staging_table_behind(desk, tmp_path):
    """A worker's session lasts for days, and the table holds a whole roster."""
    torn = files.write_csv(tmp_path / "torn.csv", ROSTER, student()).read_bytes() + b'"1,'
    left = []
    for one in (desk.sent(student()), desk.sent(student(性别="")), desk.sent_file(torn)):
        imports.check(one, NOW)
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('pg_temp.roster_staging')")
            left += cursor.fetchone()
    assert list(RosterImport.objects.order_by("state").values_list("state", flat=True)) == ["ready", "ready", "refused"]
    assert left == [None, None, None]


def test_a_discarded_import_leaves_nothing_behind(desk):
    one = desk.checked(student())
    imports.discard(one.id, **WHO, now=NOW)
    imports.clear(one.id)
    assert not any(model.objects.exists() for model in (StudentRecord, ImportLine, Upload))
    with pytest.raises(RefusedError, match=r"import\.not_now"):
        confirm(one)


def test_f6_each_step_leaves_its_row(desk):
    one = desk.applied(student())
    undone(one)
    steps = ("import_sent", "import_confirmed", "imported", "undo_asked", "import_undone")
    assert sorted(audited()) == sorted(f"roster.{step}" for step in steps)
    with pytest.raises(RefusedError):
        confirm(one)
    assert audited().count("roster.import_refused") == 1

"""学籍冲突: one gives way, or the office above both decides (rule G3)."""

import pytest

from baokao.core.models import AuditRow
from baokao.core.verdict import RefusedError
from baokao.roster.models import RecordChange, RecordConflict, StudentRecord
from baokao.roster.queries import find_record
from baokao.roster.reach import Reach
from baokao.roster.services import conflicts, students
from baokao.roster.services.conflicts import Decision, Party
from tests import files
from tests.cast import NOW
from tests.files import SITTING, student
from tests.roster.desk import LI, OWN, WHO, Desk, confirm, findings

pytestmark = pytest.mark.django_db

BY = {**WHO, "now": NOW}


@pytest.fixture
def conflict(db, tmp_path):
    files.places()
    Desk(tmp_path, OWN).applied(student())
    Desk(tmp_path, Reach("99101")).checked(student(校区代码="991010", 班级="甲班"))
    return RecordConflict.objects.get()


def settle(one, party, decision, reason="已核实"):
    conflicts.settle(one.id, decision, reason, party=party, holder=one.holder_id, **BY)
    one.refresh_from_db()
    return one.state


@pytest.mark.parametrize(
    ("party", "decision", "state", "school"),
    [
        (Party.HOLDER, Decision.TO_CLAIMANT, "released", "99101"),
        (Party.CLAIMANT, Decision.TO_HOLDER, "withdrawn", "99301"),
        (Party.OFFICE, Decision.TO_CLAIMANT, "to_claimant", "99101"),
        (Party.OFFICE, Decision.TO_HOLDER, "to_holder", "99301"),
    ],
)
def test_g3_each_outcome_leaves_the_record_in_one_school(conflict, party, decision, state, school):
    assert settle(conflict, party, decision) == state
    record = StudentRecord.objects.get()
    assert record.campus_id[:5] == school
    assert (record.class_name == "甲班") == (school == "99101")
    assert find_record(SITTING, "1", "11010519491231002X", "颜明")
    assert AuditRow.objects.filter(action="conflict.settled").count() == 1


@pytest.mark.parametrize(
    ("party", "decision"), [(Party.HOLDER, Decision.TO_HOLDER), (Party.CLAIMANT, Decision.TO_CLAIMANT)]
)
def test_g3_nobody_decides_for_themselves(conflict, party, decision):
    with pytest.raises(RefusedError, match=r"conflict\.not_yours"):
        settle(conflict, party, decision)
    assert StudentRecord.objects.get().campus_id == "993010"
    assert AuditRow.objects.filter(action="conflict.refused").count() == 1


def test_g3_a_settled_conflict_stays_settled(conflict):
    settle(conflict, Party.OFFICE, Decision.TO_HOLDER)
    with pytest.raises(RefusedError, match=r"conflict\.settled"):
        settle(conflict, Party.HOLDER, Decision.TO_CLAIMANT)


def test_a_decision_has_a_reason(conflict):
    with pytest.raises(RefusedError, match=r"conflict\.no_reason"):
        settle(conflict, Party.OFFICE, Decision.TO_HOLDER, " ")


def test_g3_a_moved_record_tells_so_and_its_row_is_the_claimants(conflict, tmp_path):
    settle(conflict, Party.HOLDER, Decision.TO_CLAIMANT)
    change = RecordChange.objects.get(kind="moved")
    assert (change.what, change.note, change.before["campus_id"]) == ("由 99301 转入 99101", "已核实", "993010")
    one = Desk(tmp_path, Reach("99101")).checked(student(校区代码="991010", 班级="甲班"))
    assert (one.added, one.changed, one.faults) == (0, 0, 0)


def test_g3_a_claim_ends_when_its_school_has_the_record_or_the_number_changes(conflict, tmp_path):
    record = StudentRecord.objects.get()
    students.save(student(证件号码="H12345678", 证件类型="3"), sitting=SITTING, reach=OWN, record=record.id, **BY)
    conflict.refresh_from_db()
    assert conflict.state == "moot"
    Desk(tmp_path, Reach("99101")).checked(student(证件号码="H12345678", 证件类型="3", 校区代码="991010"))
    students.remove(record.id, "转学", reach=OWN, **BY)
    Desk(tmp_path, Reach("99101")).applied(student(证件号码="H12345678", 证件类型="3", 校区代码="991010"))
    assert not RecordConflict.objects.filter(state="open").exists()
    assert StudentRecord.objects.get().campus_id == "991010"


def test_g3_a_conflict_names_the_other_school_and_the_newer_row_is_its_claim(tmp_path):
    files.places()
    Desk(tmp_path).applied(student())
    other = Desk(tmp_path, Reach("99101"))
    one = other.checked(student(校区代码="991010", 姓名="颜明"), student(**LI, 校区代码="991010"))
    assert findings(one) == ["2 证件号码 学籍冲突：该证件号码已在(99301)测试学校机构01的学籍库中"]
    conflict = RecordConflict.objects.get()
    assert (conflict.holder_id, conflict.claimant_id, conflict.state) == ("99301", "99101", "open")
    assert conflict.claim["campus_id"] == "991010"
    other.checked(student(校区代码="991010", 姓名="颜鸣"))
    assert RecordConflict.objects.get().claim["name"] == "颜鸣"
    confirm(one, without_faulty=True)
    assert StudentRecord.objects.get(name="李博").campus_id == "991010"

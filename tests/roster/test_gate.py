"""Whether a roster may be changed now: freezes, sittings that are over, and records that went elsewhere (G1, G6)."""

from datetime import timedelta

import pytest

from baokao.core.brief import forget_all
from baokao.core.models import AuditRow
from baokao.core.verdict import RefusedError
from baokao.exams.models import Freeze, Sitting
from baokao.exams.services import freezing
from baokao.roster.models import Photo, RecordChange, RecordConflict, RosterImport, StudentRecord
from baokao.roster.reach import EVERYWHERE, Reach
from baokao.roster.services import conflicts, imports, students
from baokao.roster.services.conflicts import Decision, Party
from baokao.roster.services.students import saving
from tests.cast import NOW, set_stage
from tests.files import SITTING, student
from tests.roster.desk import OWN, WHO, Desk, confirm, undone
from tests.roster.photos import a_jpeg, a_zip

pytestmark = pytest.mark.django_db

BY = {**WHO, "now": NOW}
PHYSICS, CHEMISTRY = Reach.of("99301", [], ["物理学院"]), Reach.of("99301", [], ["化学学院"])


@pytest.fixture(autouse=True)
def _stage(db):
    set_stage()


def saved(reach=OWN, record=None, seen=None, **changes):
    found = students.save(student(**changes), sitting=SITTING, reach=reach, record=record, seen=seen, **BY)
    return StudentRecord.objects.get(id=found.record)


def freeze(school=None, province="99", area="roster"):
    freezing.freeze(SITTING, province, school, Freeze.Area(area), "已核对完毕", "staff:2", NOW)


def close():
    Sitting.objects.update(state=Sitting.State.CLOSED)
    forget_all()


def refused(change):
    with pytest.raises(RefusedError) as caught:
        change()
    return caught.value.first.code


@pytest.fixture
def changes(tmp_path):
    """Every way in which a school changes its roster, ready to be called."""
    one, desk = saved(), Desk(tmp_path)
    applied = desk.applied(student(证件号码="H12345678", 证件类型="3", 姓名="李博"))
    ready = desk.checked(student(证件号码="H12345679", 证件类型="3", 姓名="王芳"))
    with pytest.raises(RefusedError, match="conflict"):
        students.save(student(校区代码="991010"), sitting=SITTING, reach=Reach("99101"), **BY)
    conflict = RecordConflict.objects.get()

    def settle():
        conflicts.settle(conflict.id, Decision.TO_CLAIMANT, "已核实", party=Party.HOLDER, holder="99301", **BY)

    return {
        "send": lambda: desk.sent(student()),
        "photos": lambda: desk.sent_file(a_zip(**{"11010519491231002X": a_jpeg()}), "p.zip", "photos"),
        "apply": lambda: confirm(ready),
        "undo": lambda: undone(applied),
        "add": lambda: saved(证件号码="H12345670", 证件类型="3", 姓名="赵云"),
        "edit": lambda: saved(record=one.id, 院系="物理学院"),
        "restrict": lambda: students.restrict(one.id, "1", "欠费", reach=OWN, **BY),
        "photo": lambda: students.save_photo(one.id, a_jpeg(), reach=OWN, **BY),
        "settle": settle,
        "remove": lambda: students.remove(one.id, "退学", reach=OWN, **BY),
    }


def written():
    records = list(StudentRecord.objects.order_by("id").values())
    return records, Photo.objects.count(), RecordChange.objects.count(), RosterImport.objects.count()


@pytest.mark.parametrize("school", [None, "99301"])
def test_g6_a_frozen_roster_refuses_every_change_of_the_school(changes, school):
    freeze(school)
    before = written()
    assert {name: refused(change) for name, change in changes.items()} == dict.fromkeys(changes, "frozen")
    assert written() == before
    told = AuditRow.objects.filter(detail={"codes": ["frozen"]})
    assert told.count() == len(changes), "each refusal leaves its row"
    freezing.thaw(SITTING, "99", school, Freeze.Area.ROSTER, "staff:2", NOW)
    # Whoever gave the record away has nothing left to remove.
    del changes["settle"]
    for change in changes.values():
        change()


def test_b1_a_roster_of_a_sitting_that_is_over_is_only_looked_at(changes):
    close()
    before = written()
    assert {name: refused(change) for name, change in changes.items()} == dict.fromkeys(changes, "sitting_closed")
    assert written() == before


@pytest.mark.parametrize(("province", "school", "area"), [("99", "99101", "roster"), ("99", None, "settings")])
def test_g6_a_freeze_of_others_or_of_the_settings_leaves_the_roster_alone(changes, province, school, area):
    freeze(school, province, area)
    del changes["settle"]
    for change in changes.values():
        change()


def test_g6_a_conflict_is_given_way_in_neither_frozen_roster(changes):
    freeze("99101")
    assert refused(changes["settle"]) == "frozen"


def test_g3_the_office_above_bars_and_decides_in_a_frozen_roster(changes):
    freeze()
    one = StudentRecord.objects.get(name="颜明")
    students.restrict(one.id, "1", "违规", reach=EVERYWHERE, **BY)
    conflict = RecordConflict.objects.get()
    conflicts.settle(conflict.id, Decision.TO_CLAIMANT, "已核实", party=Party.OFFICE, holder="99301", **BY)
    one.refresh_from_db()
    assert (one.subjects_barred, one.campus_id) == ("1", "991010")


def test_g6_what_was_confirmed_before_the_freeze_waits(tmp_path):
    ready = Desk(tmp_path).checked(student())
    imports.ask_to_apply(ready.id, without_faulty=False, removed=0, **WHO, now=NOW)
    freeze()
    imports.apply(ready.id, NOW)
    ready.refresh_from_db()
    assert (ready.state, StudentRecord.objects.count()) == ("ready", 0)
    assert "冻结学籍库：已核对完毕。" in ready.message
    freezing.thaw(SITTING, "99", None, Freeze.Area.ROSTER, "staff:2", NOW)
    assert confirm(ready).state == "applied"


def test_g6_what_was_asked_to_be_undone_before_the_freeze_stays(tmp_path):
    applied = Desk(tmp_path).applied(student())
    imports.ask_to_undo(applied.id, **WHO, now=NOW)
    freeze()
    imports.undo(applied.id, NOW)
    applied.refresh_from_db()
    assert (applied.state, StudentRecord.objects.get().removed_at) == ("applied", None)
    assert "冻结学籍库" in applied.message


# What was in reach when it was asked for may be out of it under the lock.


@pytest.mark.parametrize(
    "change",
    [
        lambda one: students.restrict(one.id, "1", "欠费", reach=CHEMISTRY, **BY),
        lambda one: students.remove(one.id, "退学", reach=CHEMISTRY, **BY),
        lambda one: students.save_photo(one.id, a_jpeg(), reach=CHEMISTRY, **BY),
        lambda one: saved(CHEMISTRY, record=one.id, 院系="化学学院"),
    ],
)
def test_g1_a_record_that_left_the_reach_meanwhile_is_left_alone(change):
    one = saved(院系="物理学院")
    before = written()
    assert refused(lambda: change(one)) == "record.stale"
    assert written() == before


def test_g3_a_removed_number_that_another_school_takes_up_meanwhile_is_not_taken_from_it(monkeypatch):
    one = saved()
    students.remove(one.id, "转学", reach=OWN, **BY)
    there = saving._other

    def meanwhile(*arguments):
        found = there(*arguments)
        monkeypatch.setattr(saving, "_other", there)
        saved(Reach("99101"), 校区代码="991010")
        return found

    monkeypatch.setattr(saving, "_other", meanwhile)
    assert refused(saved) == "record.stale"


def test_g3_what_waited_for_an_import_is_not_undone_with_it(tmp_path):
    """A restriction that was asked for before the import was applied, and made when it let go of the record."""
    applied = Desk(tmp_path).applied(student())
    one = StudentRecord.objects.get()
    students.restrict(one.id, "1", "欠费", reach=OWN, **WHO, now=NOW - timedelta(seconds=5))
    assert undone(applied).state == "applied"
    one.refresh_from_db()
    assert (one.subjects_restricted, one.removed_at) == ("1", None)


def test_g3_a_school_gives_away_no_record_that_another_school_got_meanwhile():
    """Two claim a record; who had it released it to the one, and may not release it to the other as well."""
    from baokao.exams.models import Campus, School

    School.objects.create(code="99102", province_id="99", name="第三校")
    Campus.objects.create(code="991020", school_id="99102", name="校区")
    saved()
    for school in ("99101", "99102"):
        with pytest.raises(RefusedError, match="conflict"):
            students.save(student(校区代码=f"{school}0"), sitting=SITTING, reach=Reach(school), **BY)
    first, second = (RecordConflict.objects.get(claimant=school) for school in ("99101", "99102"))
    as_seen = {"party": Party.HOLDER, "holder": "99301"}
    conflicts.settle(first.id, Decision.TO_CLAIMANT, "已核实", **as_seen, **BY)
    with pytest.raises(RefusedError, match=r"conflict\.settled"):
        conflicts.settle(second.id, Decision.TO_CLAIMANT, "已核实", **as_seen, **BY)
    assert StudentRecord.objects.get().campus_id == "991010"

"""学籍冲突 at the desks: who sees it, and who may decide what (rules G1, G3)."""

import pytest

from baokao.exams.models import Campus, School
from baokao.passport.models import Role
from baokao.roster.models import RecordConflict, StudentRecord
from baokao.roster.reach import Reach
from baokao.roster.services import students
from tests.cast import NOW, a_record
from tests.files import student
from tests.office.desks import desk_client
from tests.roster.desk import WHO

pytestmark = pytest.mark.django_db


def a_conflict(stage, claimant="99101"):
    """颜明 stands at 99301; another school claims him."""
    a_record(stage, name="颜明", number="11010519491231002X", id_type="1")
    with pytest.raises(Exception, match="conflict"):
        students.save(student(校区代码=f"{claimant}0"), sitting="20262", reach=Reach(claimant), **WHO, now=NOW)
    return RecordConflict.objects.get()


@pytest.fixture
def conflict(stage):
    return a_conflict(stage)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def settle(client, one, decision):
    return client.post(f"/office/conflicts/{one.id}/", {"decision": decision, "reason": "已核实"})


def test_g3_both_schools_see_it_and_a_third_does_not(conflict, stage):
    School.objects.create(code="99102", province_id="99", name="第三校")
    for school in ("99301", "99101"):
        client = desk_client(school=[school])
        assert "颜明" in text(client.get("/office/conflicts/"))
        page = text(client.get(f"/office/conflicts/{conflict.id}/"))
        assert "11010519491231002X" not in page
    third = desk_client(school=["99102"])
    assert "颜明" not in text(third.get("/office/conflicts/"))
    assert third.get(f"/office/conflicts/{conflict.id}/").status_code == 404
    assert settle(third, conflict, "to_holder").status_code == 404


def test_g1_who_claims_a_number_is_told_nothing_of_another_name(stage):
    """A file of guessed ID numbers would otherwise name every student of every school."""
    record = a_record(
        stage, name="李博", number="11010519491231002X", id_type="1", class_name="甲班", department="外语学院"
    )
    with pytest.raises(Exception, match="conflict"):
        students.save(student(校区代码="991010"), sitting="20262", reach=Reach("99101"), **WHO, now=NOW)
    one = RecordConflict.objects.get()
    claimant, holder = desk_client(school=["99101"]), desk_client()
    for page in ("/office/conflicts/", f"/office/conflicts/{one.id}/"):
        for told in ("李博", "甲班", "外语学院"):
            assert told not in text(claimant.get(page))
        assert "110***02X" in text(claimant.get(page)), "the number that it typed itself"
        assert "李博" in text(holder.get(page))
    assert "(99301)" in text(claimant.get(f"/office/conflicts/{one.id}/")), "which school to ask is told"
    assert "姓名与原学校的不同" in text(claimant.get(f"/office/conflicts/{one.id}/"))
    StudentRecord.objects.filter(id=record.id).update(name="颜明", name_key="颜明")
    assert "甲班" in text(claimant.get(f"/office/conflicts/{one.id}/"))


def test_g1_who_gave_way_sees_no_more_of_what_becomes_of_the_student(conflict):
    holder, claimant = desk_client(), desk_client(school=["99101"])
    settle(claimant, conflict, "to_holder")
    StudentRecord.objects.update(class_name="后来的班级", name="后来的名字")
    for page in ("/office/conflicts/?f=settled", f"/office/conflicts/{conflict.id}/"):
        assert "后来的" not in text(claimant.get(page)), page
        assert "后来的" in text(holder.get(page)), page
    assert "颜明" in text(claimant.get("/office/conflicts/?f=settled")), "as the school's own file said"


def test_g3_each_school_can_only_give_way(conflict):
    holder, claimant = desk_client(), desk_client(school=["99101"])
    assert "您不能这样处理" in text(settle(holder, conflict, "to_holder"))
    assert "您不能这样处理" in text(settle(claimant, conflict, "to_claimant"))
    assert settle(holder, conflict, "to_claimant").status_code == 302
    assert StudentRecord.objects.get().campus_id == "991010"
    assert "该冲突已处理" in text(settle(claimant, conflict, "to_holder"))


def test_g3_the_province_decides_within_and_the_national_office_across(stage):
    School.objects.create(code="11001", province_id="11", name="外省校")
    Campus.objects.create(code="110010", school_id="11001", name="校区")
    one = a_conflict(stage, "11001")
    for province in ("99", "11"):
        client = desk_client(Role.PROVINCE, province=[province])
        assert "由上级机构裁定" in text(client.get(f"/office/conflicts/{one.id}/"))
        settle(client, one, "to_claimant")
        assert StudentRecord.objects.get().campus_id == "993010", "one of two provinces decides nothing"
    settle(desk_client(Role.NATIONAL), one, "to_claimant")
    assert StudentRecord.objects.get().campus_id == "110010"


def test_g3_a_province_decides_between_its_own_schools(conflict):
    assert settle(desk_client(Role.PROVINCE), conflict, "to_holder").status_code == 302
    conflict.refresh_from_db()
    assert (conflict.state, conflict.settled_by_name) == ("to_holder", "周老师")


def test_h3_without_a_reason_or_a_choice_it_says_what_is_missing(conflict):
    client = desk_client()
    assert "请填写理由" in text(client.post(f"/office/conflicts/{conflict.id}/", {"decision": "to_claimant"}))
    page = text(client.post(f"/office/conflicts/{conflict.id}/", {"decision": "x", "reason": "户口在本省"}))
    assert "请选择处理方式" in page
    assert 'value="户口在本省"' in page, "what was typed is kept"


def test_g1_a_narrowed_coordinator_sees_its_own_students_conflicts_only(conflict, stage):
    assert "颜明" not in text(desk_client(department=["文学院"]).get("/office/conflicts/"))
    assert "颜明" in text(desk_client(campus=["993010"]).get("/office/conflicts/"))

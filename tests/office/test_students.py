"""Students at a desk: the list, one of them, 补录, edit, restriction, photo, number (rules G1, G3, G5, H2; f6)."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baokao.passport.models import Role
from baokao.roster.models import RecordChange, StudentRecord
from tests.cast import a_candidate, a_record
from tests.office.desks import a_staff, at_desk, desk_client
from tests.registration.doing import enter
from tests.roster.desk import audited
from tests.roster.photos import a_jpeg

pytestmark = pytest.mark.django_db

TYPED = {
    "sitting": "20262", "id_type": "1", "id_number": "11010519491231002X", "name": "颜如玉", "gender": "女",
    "campus": "993010", "written_campus": "", "subjects": ["1", "F"], "department": "化学学院", "grade": "4",
}  # fmt: skip


@pytest.fixture
def desk(stage):
    return at_desk(a_staff())


@pytest.fixture
def own(stage):
    return a_record(stage, name="颜明", number="710010WW101", department="化学学院", student_no="0042")


@pytest.fixture
def foreign(stage):
    return a_record(stage, name="北堂丙", campus_id="991010")


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_g1_the_list_shows_the_own_students_masked(desk, own, foreign):
    page = text(desk.get("/office/students/"))
    assert "颜明" in page
    assert "北堂丙" not in page
    assert "710010WW101" not in page


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("q=颜", True), ("q=004", True), ("q=化学", True), ("q=王", False),
        ("f=no_photo", True), ("f=registered", False), ("f=removed", False),
    ],
)  # fmt: skip
def test_g5_the_list_is_searched_and_filtered(desk, own, query, there):
    assert ("颜明" in text(desk.get(f"/office/students/?{query}"))) is there


def test_h2_a_whole_number_is_looked_for_by_post_and_never_stands_in_an_address(desk, own, foreign):
    answer = desk.post("/office/students/find/", {"id_number": "710010ww101"})
    assert answer.headers["Location"] == f"/office/students/{own.id}/"
    for number in (foreign.id_number, "nothing", ""):
        assert "没有这个证件号码的学生" in text(desk.post("/office/students/find/", {"id_number": number}))


def test_one_students_page_tells_everything_that_happened(desk, stage):
    passport = a_candidate(stage, name="颜明")
    enter(passport, "1")
    record = StudentRecord.objects.get()
    desk.post(f"/office/students/{record.id}/restrict/", {"subjects": ["4"], "reason": "欠费"})
    page = text(desk.get(f"/office/students/{record.id}/"))
    for told in ("保存报名信息", "报考英语四级笔试", "限制报考：本校限制：日语六级笔试", "欠费", "周老师"):
        assert told in page, told
    assert audited().count("record.looked_at") == 1


def test_h2_the_whole_number_is_shown_for_a_reason(desk, own):
    path = f"/office/students/{own.id}/number/"
    assert "请填写查看原因" in text(desk.post(path, {"reason": ""}))
    page = text(desk.post(path, {"reason": "核对证件"}))
    assert "710010WW101" in page
    assert audited().count("record.number_shown") == 1


def test_g3_a_student_is_added_by_form(desk):
    answer = desk.post("/office/students/new/", TYPED)
    record = StudentRecord.objects.get()
    assert answer.headers["Location"] == f"/office/students/{record.id}/"
    assert (record.subjects_given, record.id_number, record.written_campus_id) == ("1F", "11010519491231002X", "993010")


def test_h3_faults_stand_beside_their_fields_and_nothing_typed_is_lost(desk):
    page = text(desk.post("/office/students/new/", TYPED | {"id_number": "3.30101E+17", "remark": "备注在此"}))
    assert 'id="id_id_number-bad"' in page
    assert "科学计数法" in page
    assert "备注在此" in page
    assert "错误：补录学生" in page
    assert not StudentRecord.objects.exists()


def test_g1_a_form_reaches_no_other_campus_or_department(desk, stage):
    assert "请选择学籍校区" in text(desk.post("/office/students/new/", TYPED | {"campus": "991010"}))
    narrowed = desk_client(department=["物理学院"])
    assert "不在您的管理范围内" in text(narrowed.post("/office/students/new/", TYPED))


def test_g3_a_conflict_by_form_says_where_it_stands(desk, stage):
    a_record(stage, number="11010519491231002X", id_type="1", campus_id="991010")
    assert "学籍冲突：该证件号码已在(99101)测试学校" in text(desk.post("/office/students/new/", TYPED))
    assert "110***02X" in text(desk.get("/office/conflicts/"))


def test_g3_an_edit_keeps_the_number_unless_another_is_typed(desk, own):
    path = f"/office/students/{own.id}/edit/"
    page = text(desk.get(path))
    assert "710010WW101" not in page
    seen = bytes(own.row_digest).hex()
    typed = TYPED | {"id_type": "6", "id_number": "", "name": "颜鸣", "seen": seen, "subjects": list("13456F")}
    assert desk.post(path, typed).status_code == 302
    after = StudentRecord.objects.get()
    assert (after.name, after.id_number) == ("颜鸣", "710010WW101")
    assert "刚刚被修改过" in text(desk.post(path, typed | {"name": "第三个"}))
    assert desk.post(path, typed | {"seen": bytes(after.row_digest).hex(), "id_number": "H12345678", "id_type": "3"})
    assert "证件号码由 71***01 改为 H1***78" in text(desk.get(f"/office/students/{own.id}/"))


def test_a_student_is_removed_for_a_reason(desk, own):
    path = f"/office/students/{own.id}/remove/"
    assert "请填写原因" in text(desk.post(path, {"reason": " "}))
    desk.post(path, {"reason": "退学"})
    assert "已移出学籍库" in text(desk.get(f"/office/students/{own.id}/"))
    assert "颜明" in text(desk.get("/office/students/?f=removed"))


def test_b11_the_national_office_restricts_beside_the_school(own, desk):
    national = desk_client(Role.NATIONAL)
    path = f"/office/students/{own.id}/restrict/"
    national.post(path, {"subjects": ["1"], "reason": "违规"})
    desk.post(path, {"subjects": [], "reason": "解除"})
    after = StudentRecord.objects.get()
    assert (after.restricted, after.barred_reason) == ("1", "违规")
    assert "未知的科目" in text(desk.post(path, {"subjects": ["Z"], "reason": "x"}))


def test_a_photo_is_sent_and_shown(desk, own):
    path = f"/office/students/{own.id}/photo/"
    assert desk.get(path).status_code == 404
    assert "请选择照片" in text(desk.post(path))
    assert "不是有效的 JPEG" in text(desk.post(path, {"photo": SimpleUploadedFile("x.jpg", b"<svg/>")}))
    desk.post(path, {"photo": SimpleUploadedFile("x.jpg", a_jpeg())})
    answer = desk.get(path)
    assert (answer.headers["Content-Type"], answer.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert RecordChange.objects.get(record_id=own.id).kind == "photo"


def test_g1_anothers_student_is_as_if_there_were_none(desk, foreign):
    for known in (foreign.id, uuid.uuid4()):
        for part in ("", "edit/", "photo/"):
            assert desk.get(f"/office/students/{known}/{part}").status_code == 404
        for part in ("edit/", "restrict/", "remove/", "photo/", "number/"):
            assert desk.post(f"/office/students/{known}/{part}", {"reason": "x"}).status_code == 404


def test_g1_a_province_reads_and_does_not_edit(stage, own):
    client = desk_client(Role.PROVINCE)
    page = text(client.get(f"/office/students/{own.id}/"))
    assert "修改</a>" not in page
    for part in ("edit/", "restrict/", "remove/"):
        assert client.post(f"/office/students/{own.id}/{part}", {"reason": "x"}).status_code == 404
    assert client.post(f"/office/students/{own.id}/photo/", {}).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
def test_g1_customer_service_has_no_roster(stage, own, role):
    assert desk_client(role).get("/office/students/").status_code == 404

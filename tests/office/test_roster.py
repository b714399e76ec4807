"""学籍导入 and 照片导入 at a coordinator's desk, page by page (rules G1, G3, G5, H2, H3)."""

import csv
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from baokao.core.models import AuditRow
from baokao.exams.models import Freeze
from baokao.exams.services import freezing
from baokao.passport.models import Role
from baokao.registration import services as registrations
from baokao.roster.models import Photo, RosterImport, StudentRecord
from baokao.roster.services import imports
from tests.cast import NOW, a_passport, agreed
from tests.files import ROSTER, student
from tests.office.desks import a_staff, at_desk, desk_client
from tests.office.filling import shown
from tests.roster.desk import LI
from tests.roster.photos import a_jpeg, a_zip

pytestmark = pytest.mark.django_db

NUMBER = "11010519491231002X"


def a_file(*rows, columns=ROSTER, name="名册.csv"):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, out.getvalue().encode())


def send(client, file, path="/office/roster/", mode="append", sitting="20262"):
    return client.post(path, {"file": file, "mode": mode, "sitting": sitting})


def sent(client, *rows, **options):
    """Send a file, and have its job check it; the import's address."""
    response = send(client, a_file(*rows), **options)
    assert response.status_code == 302
    work()
    return response.headers["Location"]


def work():
    for one in RosterImport.objects.all():
        {"uploaded": imports.check, "applying": imports.apply, "undoing": imports.undo}.get(one.state, lambda *_: None)(
            one.id, NOW
        )


def applied(client, *rows, **options):
    path = sent(client, *rows, **options)
    client.post(f"{path}apply/")
    work()
    assert RosterImport.objects.get(id=path.split("/")[-2]).state == "applied"
    return path


def test_g3_a_file_is_sent_looked_at_applied_and_taken_back(desk):
    path = sent(desk, student(), student(**LI))
    page = shown(desk, path)
    assert "学籍导入：待确认" in page
    assert "颜明" in page
    assert NUMBER not in page
    assert "110***02X" in page
    assert desk.post(f"{path}apply/").headers["Location"] == path
    assert "正在写入" in shown(desk, path)
    work()
    assert "学籍导入：已写入" in shown(desk, path)
    assert StudentRecord.objects.count() == 2
    desk.post(f"{path}undo/")
    work()
    assert "学籍导入：已撤销" in shown(desk, path)
    assert not StudentRecord.objects.filter(removed_at__isnull=True).exists()
    assert "名册.csv" in shown(desk, "/office/roster/")


def test_g3_undo_stops_at_the_first_who_has_registered_from_it(desk):
    path = applied(desk, student(), student(**LI))
    record = StudentRecord.objects.get(name="颜明")
    registrations.save_registration(agreed(a_passport()).id, record.id, NOW)
    desk.post(f"{path}undo/")
    work()
    page = shown(desk, path)
    assert "已有考生按这次导入的学籍保存了报名信息" in page
    assert StudentRecord.objects.filter(removed_at__isnull=True).count() == 2


def test_b8_who_has_registered_is_counted_and_keeps_the_snapshot(desk):
    applied(desk, student())
    record = StudentRecord.objects.get()
    registrations.save_registration(agreed(a_passport()).id, record.id, NOW)
    path = sent(desk, student(姓名="颜鸣"))
    assert RosterImport.objects.get(id=path.split("/")[-2]).bound == 1
    assert "已报名，报名信息不受影响" in shown(desk, path)


def test_g3_progress_reloads_itself_with_htmx_and_without(desk):
    path = send(desk, a_file(student())).headers["Location"]
    page = shown(desk, path)
    assert '<noscript><meta http-equiv="refresh"' in page
    fragment = desk.get(path, headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<section class="sheet" id="progress"')
    work()
    assert desk.get(path, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_g3_faults_are_listed_searched_and_left_out(desk):
    path = sent(desk, student(), student(**LI, 性别="未知"))
    page = shown(desk, path)
    assert "1 处错误" in page
    assert "第 3 行，性别：应为男或女，不是“未知”" in page
    assert "应为男或女" in shown(desk, f"{path}findings/?f=fault&q=性别")
    assert "没有符合条件" in shown(desk, f"{path}findings/?q=院系")
    assert "跳过有错误的行并写入" in page
    refused = desk.post(f"{path}apply/")
    assert "文件中还有错误" in refused.content.decode()
    desk.post(f"{path}apply/", {"without_faulty": "1"})
    work()
    assert StudentRecord.objects.get().name == "颜明"


def test_g4_the_faulty_rows_come_back_as_text_with_their_reasons(desk):
    path = sent(desk, student(**LI, 性别="", 备注="=1+1"))
    answer = desk.get(f"{path}faulty.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    [head, row] = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    told = dict(zip(head, row, strict=True))
    assert (told["证件号码"], told["备注"], told["错误原因"]) == ("993010WW1", "=1+1", "性别：未填写")
    assert b"<f>" not in answer.content
    assert AuditRow.objects.filter(action="roster.faulty_rows_sent").count() == 1
    mended = a_file({**told, "性别": "男"}, columns=head)
    again = send(desk, mended).headers["Location"]
    work()
    assert RosterImport.objects.get(id=again.split("/")[-2]).faults == 0


def test_g3_replacing_asks_for_the_number_to_be_removed(desk):
    applied(desk, student(), student(**LI))
    path = sent(desk, student(), mode="replace")
    assert "请输入 1 确认" in shown(desk, path)
    assert "与将移出的人数不一致" in desk.post(f"{path}apply/", {"removed": "2"}).content.decode()
    desk.post(f"{path}apply/", {"removed": "1"})
    work()
    assert StudentRecord.objects.filter(removed_at__isnull=False).count() == 1


def test_g3_discarding_applies_nothing(desk):
    path = sent(desk, student())
    desk.post(f"{path}discard/")
    assert "学籍导入：已放弃" in shown(desk, path)
    assert "该导入的状态已改变" in desk.post(f"{path}apply/").content.decode()


def test_h3_a_form_without_a_file_or_of_another_sitting_says_what_to_do(desk):
    assert "请选择文件" in desk.post("/office/roster/", {"mode": "append", "sitting": "20262"}).content.decode()
    assert "考次已切换" in send(desk, a_file(student()), sitting="20261").content.decode()
    assert not RosterImport.objects.exists()


def test_g1_an_import_is_its_schools_and_reaches_no_further_than_its_desk(desk, stage):
    path = sent(desk, student())
    other = desk_client(school=["99101"])
    for address in (path, f"{path}findings/", f"{path}faulty.xlsx"):
        assert other.get(address).status_code == 404
    for deed in ("apply", "discard", "undo"):
        assert other.post(f"{path}{deed}/").status_code == 404
    narrowed = desk_client(department=["化学学院"])
    assert narrowed.get(path).status_code == 404, "the whole school's file is not for who has one department"
    own = sent(narrowed, student(**LI, 院系="化学学院"))
    assert "李博" in shown(narrowed, own)
    assert "李博" in shown(desk, own)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.PROVINCE, Role.NATIONAL])
def test_g1_only_coordinators_import(stage, role):
    client = desk_client(role)
    assert client.get("/office/roster/").status_code == 404
    assert client.get(f"/office/roster/{uuid.uuid4()}/").status_code == 404


def test_g3_a_coordinator_without_a_school_imports_nothing(stage):
    staff = a_staff()
    staff.scopes.all().delete()
    assert at_desk(staff).get("/office/roster/").status_code == 404


def test_g3_photos_go_the_same_way(desk):
    applied(desk, student())
    file = SimpleUploadedFile("照片.zip", a_zip(**{NUMBER: a_jpeg(), "H1234567": a_jpeg()}))
    path = send(desk, file, path="/office/photos/").headers["Location"]
    work()
    page = shown(desk, path)
    assert "照片导入：待确认" in page
    assert "没有这个证件号码的考生" in page
    desk.post(f"{path}apply/", {"without_faulty": "1"})
    work()
    assert Photo.objects.count() == 1
    assert "颜明" in shown(desk, path)
    desk.post(f"{path}undo/")
    work()
    assert not Photo.objects.exists()


@pytest.mark.parametrize("state", list(RosterImport.State))
def test_every_state_has_its_page(desk, state):
    path = sent(desk, student(), student(**LI, 性别=""))
    RosterImport.objects.update(state=state, message="说明", applied_at=NOW, ended_at=NOW)
    assert RosterImport.State(state).label in shown(desk, path)


def test_g6_a_frozen_roster_takes_no_file_and_says_why(desk):
    freezing.freeze("20262", "99", None, Freeze.Area.ROSTER, "已核对完毕", "staff:2", NOW)
    for path, file in (("/office/roster/", a_file(student())), ("/office/photos/", SimpleUploadedFile("p.zip", b"x"))):
        page = send(desk, file, path=path)
        assert page.status_code == 200
        assert "冻结学籍库：已核对完毕。如需修改，请联系省级承办机构解除冻结。" in page.content.decode()
    assert not RosterImport.objects.exists()


def test_d10_who_decides_about_none_of_many_files_sends_no_more(desk):
    for _ in range(10):
        assert send(desk, a_file(student())).status_code == 302
    assert "请先写入或放弃其中一些" in send(desk, a_file(student())).content.decode()
    assert send(at_desk(a_staff()), a_file(student())).status_code == 302, "a colleague is not held up"
    one = RosterImport.objects.order_by("made_at").first()
    desk.post(f"/office/roster/{one.id}/discard/")
    assert send(desk, a_file(student())).status_code == 302

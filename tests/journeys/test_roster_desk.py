"""A coordinator's day with the roster, in a real Chromium with a real worker: import with faults, mend, apply, one
student by form, a photo, a conflict (rules G3, H4)."""

import re

import pytest
from playwright.sync_api import expect

from baokao.passport.models import StaffAccount
from baokao.roster.models import Photo, RecordConflict, StudentRecord
from tests.files import ROSTER, student, write_csv
from tests.guards.test_axe import cookies_of
from tests.office.desks import a_staff, at_desk
from tests.roster.test_one_student import a_jpeg
from tests.roster.test_photo_import import a_zip
from tests.site import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = pytest.mark.parametrize(
    ("javascript", "width"), [(False, 390), (True, 1280)], ids=["phone without javascript", "wide"]
)
NEW, SPOILT = "11010519491231002X", {"证件号码": "H12345678", "证件类型": "3", "姓名": "周新"}
PATIENCE = 30_000


@pytest.fixture
def worker(transactional_db, settings, tmp_path):
    """A worker that ships its seals to a place of this test's own."""
    settings.SEAL_LOG = tmp_path / "seals.log"
    started = Worker(BAOKAO_SEAL_LOG=str(settings.SEAL_LOG))
    yield started
    started.stop()


def sit_down(visitor, demonstration, staff, **screen):
    page = visitor(**screen)
    page.context.add_cookies(cookies_of(at_desk(staff), demonstration.url))
    page.goto(f"{demonstration.url}/office/roster/")
    return page


def state(page, word):
    """Wait until the import's page says so by itself."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(word, timeout=PATIENCE)


def send(page, path):
    page.get_by_label(re.compile("学籍文件|照片压缩包")).set_input_files(path)
    page.get_by_role("button", name="上传并核对").click()
    state(page, "待确认")


@SCREENS
def test_a_coordinators_day(visitor, demonstration, worker, tmp_path, javascript, width):
    teacher = StaffAccount.objects.get(account="teacher@example.com")
    page = sit_down(visitor, demonstration, teacher, javascript=javascript, width=width)

    # A file with a fault; what is wrong with it; mended, and applied.
    write_csv(tmp_path / "a.csv", ROSTER, student(), student(**SPOILT, 性别="?"))
    send(page, tmp_path / "a.csv")
    expect(page.get_by_text("第 3 行，性别：应为男或女")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载有错误的行").click()
    assert download.value.suggested_filename == "faulty-rows.xlsx"
    page.get_by_role("button", name="放弃这次导入").click()
    state(page, "已放弃")
    page.goto(f"{demonstration.url}/office/roster/")
    write_csv(tmp_path / "b.csv", ROSTER, student(), student(**SPOILT))
    send(page, tmp_path / "b.csv")
    page.get_by_role("button", name="写入学籍库").click()
    state(page, "已写入")
    assert StudentRecord.objects.filter(name="周新", campus_id="993010").count() == 1

    # Photos of both.
    page.goto(f"{demonstration.url}/office/photos/")
    (tmp_path / "p.zip").write_bytes(a_zip(**{NEW: a_jpeg(), "H12345678": a_jpeg()}))
    send(page, tmp_path / "p.zip")
    page.get_by_role("button", name="写入照片").click()
    state(page, "已写入")
    assert Photo.objects.filter(record__name="周新").exists()

    # One by form, edited, restricted, photographed.
    page.goto(f"{demonstration.url}/office/students/new/")
    page.get_by_label("证件类型").select_option(label="护照")
    page.get_by_label("证件号码").fill("E12345678")
    page.get_by_label("姓名").fill("赵补录")
    page.get_by_label("性别").select_option("女")
    page.get_by_label("学籍校区").select_option("993010")
    page.get_by_label("英语四级笔试").check()
    page.get_by_role("button", name="保存").click()
    state(page, "赵补录")
    page.get_by_text("设置本校限制").click()
    page.get_by_role("group", name="限制的科目").get_by_label("英语四级笔试").check()
    page.locator("#reason").fill("欠费")
    page.get_by_role("button", name="保存限制").click()
    expect(page.get_by_text("英语四级笔试（欠费）")).to_be_visible()
    (tmp_path / "x.jpg").write_bytes(a_jpeg())
    page.get_by_label("上传照片").set_input_files(tmp_path / "x.jpg")
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("img", name="赵补录的照片")).to_be_visible()
    page.get_by_role("link", name="修改").click()
    page.get_by_label("院系").fill("化学学院")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("更改：院系")).to_be_visible()

    # Another school claims her; the own school lets her go.
    other = sit_down(visitor, demonstration, a_staff(school=["99101"]), javascript=javascript, width=width)
    claim = {"证件号码": "E12345678", "证件类型": "护照", "姓名": "赵补录", "性别": "女", "校区代码": "991010"}
    write_csv(tmp_path / "c.csv", ROSTER, student(**claim))
    send(other, tmp_path / "c.csv")
    expect(other.get_by_text("学籍冲突：该证件号码已在(99301)").first).to_be_visible()
    page.goto(f"{demonstration.url}/office/conflicts/")
    page.get_by_role("link", name="赵补录").click()
    page.get_by_label("理由").fill("已转学")
    page.get_by_role("button", name="释放该学生给申请学校").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("学籍冲突")
    assert RecordConflict.objects.get().state == "released"
    assert StudentRecord.objects.get(name="赵补录").campus_id == "991010"
    assert page.faults == []

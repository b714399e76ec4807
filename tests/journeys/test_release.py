"""信息占用 in a real Chromium: a stranger's passport holds 颜明's record, the coordinator frees it with proof, and 颜明
saves it (rule B10)."""

import pytest
from playwright.sync_api import expect

from baokao.core import clock
from baokao.passport.models import StaffAccount
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from baokao.roster.models import StudentRecord
from tests.cast import a_passport
from tests.guards.test_axe import cookies_of
from tests.journeys import walk
from tests.journeys.test_account import sound
from tests.journeys.test_guide import SCREENS
from tests.office.desks import at_desk
from tests.review.scans import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_stranger_was_faster():
    """Somebody else's passport saves 颜明's registration and enters it for 英语四级笔试."""
    now, passport = clock.now(), a_passport("stranger@example.com")
    record = StudentRecord.objects.get(name="颜明", campus_id="993010")
    services.accept_agreement(passport.id, record.sitting_id, 1, "192.0.2.9", now)
    services.save_registration(passport.id, record.id, now)
    services.save_entries(passport.id, record.sitting_id, frozenset("1"), now)


def saves(page):
    page.get_by_role("checkbox", name="我已检查并确认学籍与资格信息正确").check()
    page.get_by_role("button", name="保存并继续").click()


@SCREENS
def test_b10_the_school_frees_a_record_that_a_stranger_holds(visitor, demonstration, javascript, width):
    a_stranger_was_faster()
    owner = visitor(javascript=javascript, width=width)
    walk.register(owner, demonstration.url, walk.YANMING.email)
    walk.sign_in(owner, walk.YANMING.email)
    walk.look_up(owner)
    saves(owner)
    owner.get_by_role("heading", name="已由其他通行证账号报名，怎么办？").wait_for()
    expect(owner.get_by_text("联系下面的学校负责老师")).to_be_visible()
    sound(owner)

    desk = visitor(javascript=javascript, width=width)
    teacher = at_desk(StaffAccount.objects.get(account="teacher@example.com"))
    desk.context.add_cookies(cookies_of(teacher, demonstration.url))
    desk.goto(f"{demonstration.url}/office/release/")
    desk.get_by_label("证件号码或学号").fill(walk.YANMING.number)
    desk.get_by_role("button", name="查找").click()
    desk.get_by_role("heading", name="信息占用：颜明").wait_for()
    sound(desk)
    desk.get_by_label("考生本人的通行证账号").fill(walk.YANMING.email)
    desk.locator("input[name=checked]").first.check()
    desk.get_by_label("释放原因").fill("本人到场，不认识占用的账号，证件与学籍一致")
    scan = {"name": "学生证.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    desk.get_by_label("证明材料").set_input_files([scan])
    desk.locator("input[name=sure]").check()
    desk.get_by_role("button", name="释放报名信息").click()
    desk.get_by_text("已释放", exact=True).wait_for()
    sound(desk)
    assert Entry.objects.get(registration__name="颜明").state == "cancelled"

    saves(owner)
    owner.get_by_text("保存成功！").wait_for()
    walk.enter(owner)
    sound(owner)
    assert Registration.objects.get(name="颜明", state="live").passport.account == walk.YANMING.email

"""A coordinator's day in a real Chromium: open offerings, and find out why a candidate can't register (issue 6).

The candidate's page and the desk's say the same, and what the desk sets is what the candidate reads next.
"""

import pyotp
import pytest
from playwright.sync_api import expect

from baokao.core import clock
from baokao.exams.models import Offering
from tests.journeys.test_account import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EITHER = pytest.mark.parametrize(
    ("javascript", "width"), [(True, 390), (False, 1280)], ids=["phone", "wide without javascript"]
)
TEACHER, PASSWORD, SECRET = "teacher@example.com", "xuexiao-2026-desk", "NB2W45DFOIZA4YLBNB2W45DFOIZA4YL2"


def sign_in(page, site):
    page.goto(f"{site}/office/")
    page.get_by_label("账号").fill(TEACHER)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("动态码").fill(pyotp.TOTP(SECRET).at(clock.now()))
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("heading", name="报名与缴费").wait_for()
    sound(page)


def go(page, area):
    """By the rail, which on a phone opens from a button."""
    if page.viewport_size["width"] == 390:
        page.get_by_role("button", name="菜单").click()
    page.get_by_role("navigation", name="考务管理").get_by_role("link", name=area).click()
    page.get_by_role("heading", name=area, level=1).wait_for()
    sound(page)


def row(page, subject):
    return page.get_by_role("row").filter(has_text=subject)


@EITHER
def test_a_coordinator_finds_out_why_somebody_cant_register_and_mends_it(visitor, demonstration, javascript, width):
    Offering.objects.filter(campus_id="993010", subject_id="1").update(target=0, capacity=0, offered=False)
    page = visitor(javascript=javascript, width=width)
    sign_in(page, demonstration.url)
    # Who complains is found by name, and the page says why.
    go(page, "考生名单")
    page.get_by_label("姓名、学号、院系或班级").fill("颜明")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="颜明").first.click()
    page.get_by_role("heading", name="颜明：报考情况").wait_for()
    expect(row(page, "(1) 英语四级笔试").get_by_text("本校区未开考。")).to_be_visible()
    expect(page.get_by_text("尚未保存：没有通行证账号绑定该考生。")).to_be_visible()
    sound(page)
    # The subject is opened for two.
    go(page, "开考科目与容量")
    page.get_by_role("link", name="测试校区机构001", exact=True).click()
    page.get_by_role("checkbox", name="英语四级笔试开考").check()
    page.get_by_label("英语四级笔试容量").fill("2")
    page.get_by_role("button", name="保存开考科目与容量").click()
    page.get_by_text("保存成功！").wait_for()
    expect(page.get_by_label("英语四级笔试容量")).to_have_value("2")
    sound(page)
    # A window that reaches outside what stands above is warned of.
    row(page, "(1) 英语四级笔试").get_by_role("link", name="设时间").click()
    page.get_by_label("第 1 段开放时间").fill("2020-01-01T08:00")
    page.get_by_label("第 1 段截止时间").fill("2099-01-01T08:00")
    page.get_by_role("button", name="保存报名时间").click()
    page.get_by_text("超出上级所设时间的部分不会开放：").wait_for()
    sound(page)
    # Now the same student may enter it.
    go(page, "考生名单")
    page.get_by_role("link", name="颜明").first.click()
    expect(row(page, "(1) 英语四级笔试").get_by_text("可以报考")).to_be_visible()
    sound(page)


@EITHER
def test_a_coordinator_writes_a_notice_and_looks_at_it_first(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    sign_in(page, demonstration.url)
    go(page, "学校通告")
    page.get_by_label("通告内容").fill("请先核对学籍。\n再报考。")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("region", name="考生看到的样子").get_by_text("再报考。")).to_be_visible()
    page.get_by_text("尚未保存").wait_for()
    page.get_by_role("button", name="保存通告").click()
    page.get_by_text("保存成功！").wait_for()
    sound(page)

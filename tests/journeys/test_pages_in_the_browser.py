"""What the pages do in a real Chromium beside the guide's journeys."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_b5_until_the_box_is_ticked_the_button_says_what_is_missing(visitor, demonstration):
    page = visitor(javascript=True, width=390)
    walk.register(page, demonstration.url, "yanming2016@example.com")
    walk.sign_in(page, "yanming2016@example.com")
    walk.look_up(page)
    page.get_by_role("button", name="请勾选确认").wait_for()
    page.get_by_role("checkbox", name="我已检查并确认学籍与资格信息正确").check()
    page.get_by_role("button", name="保存并继续").wait_for()


def test_a4_the_captcha_can_be_changed_without_losing_what_was_typed(visitor, demonstration):
    for javascript in (True, False):
        page = visitor(javascript=javascript, width=1280)
        page.goto(f"{demonstration.url}/login/")
        page.get_by_label("账号").fill("yanming2016@example.com")
        before = page.locator("img.captcha").get_attribute("src")
        page.get_by_role("button", name="看不清？换一张").click()
        page.locator(f'img.captcha:not([src="{before}"])').wait_for()
        expect(page.get_by_label("账号")).to_have_value("yanming2016@example.com")


def test_a4_the_reset_button_clears_what_the_server_filled_in(visitor, demonstration):
    page = visitor(javascript=True, width=1280)
    page.goto(f"{demonstration.url}/login/")
    page.get_by_label("账号").fill("nobody@example.com")
    page.get_by_label("密码").fill("not the password")
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("账号或密码错误，请检查后重新输入。").first.wait_for()
    expect(page).to_have_title(re.compile("^错误："))
    assert page.evaluate("document.activeElement.className") == "errors"
    page.get_by_role("button", name="重置").click()
    expect(page.get_by_label("账号")).to_have_value("")


def test_c9_the_lights_refresh_in_place(visitor, demonstration):
    from baokao.exams.models import Offering

    page = visitor(javascript=True, width=390)
    walk.register(page, demonstration.url, "yanming2016@example.com")
    walk.sign_in(page, "yanming2016@example.com")
    walk.confirm(page)
    page.get_by_role("link", name="笔试报考").first.click()
    light = page.locator("#light-993010-1")
    expect(light).to_have_text("有")
    Offering.objects.filter(campus_id="993010", subject_id="1").update(target=0, capacity=0)
    page.locator('#light-993010-1[data-level="none"]').wait_for()
    expect(light).to_have_text("无")
    expect(page.get_by_role("checkbox", name="(1) 英语四级笔试")).to_be_disabled()

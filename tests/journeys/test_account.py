"""The guide's part 二: registering a passport (1), and a wrong address with a known password (4(1)), in a real
Chromium; and what the mails' links do there (rules A1 to A3, A6)."""

import re

import pytest
from playwright.sync_api import expect

from baokao.passport.models import Passport
from tests.journeys import walk
from tests.journeys.test_guide import SCREENS
from tests.passport.doing import link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EITHER = pytest.mark.parametrize(
    ("javascript", "width"), [(True, 390), (False, 1280)], ids=["phone", "wide without javascript"]
)
WRONG, RIGHT = "yanming2016@exampel.com", "yanming2016@example.com"


def sound(page):
    """Nothing went wrong on the way, and nothing scrolls sideways (look.md)."""
    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sign_in(page, email, password=walk.PASSWORD):
    page.get_by_label("账号").fill(email)
    page.get_by_label("密码").fill(password)
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("button", name="登录", exact=True).click()


def registered(page, site, email):
    """步骤一 to 四 of 1: by way of 进入报名 and 点击注册, until the registration system is there."""
    page.goto(site)
    page.get_by_role("link", name="进入报名").first.click()
    page.get_by_role("link", name="点击注册").click()
    page.get_by_label("电子邮箱").fill(email)
    page.get_by_label("密码", exact=False).first.fill(walk.PASSWORD)
    page.get_by_label("确认密码").fill(walk.PASSWORD)
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("checkbox", name="我已阅读并同意隐私说明").check()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("注册成功，请登录").wait_for()
    sound(page)
    sign_in(page, email)
    page.get_by_role("heading", name="欢迎登录CET考试报名系统").wait_for()


@SCREENS
def test_a1_the_guides_registration_leads_to_the_account_and_on(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    registered(page, demonstration.url, RIGHT)
    page.get_by_role("link", name="账号信息").click()
    page.get_by_role("heading", name="账号信息").wait_for()
    passport = Passport.objects.get(account=RIGHT)
    for part in (passport.passport_id, RIGHT, "验证邮箱", "手机:", "证件类型:", "证件号:", "姓名:"):
        expect(page.get_by_text(part).first, part).to_be_visible()
    for action in ("修改资料", "修改密码", "注销账号"):
        expect(page.get_by_role("link", name=action)).to_be_visible()
    sound(page)
    page.get_by_role("link", name="进入报名").first.click()
    page.get_by_role("link", name="开始报名").click()
    page.get_by_role("heading", name="报名协议").wait_for()
    sound(page)


@SCREENS
def test_a6_the_guides_wrong_address_is_put_right(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    registered(page, demonstration.url, WRONG)
    page.get_by_role("button", name="退出").click()
    # 步骤一 to 三: 注册新用户, and 登录 there.
    page.get_by_role("link", name="注册新用户").click()
    page.get_by_role("link", name="登录", exact=True).click()
    sign_in(page, WRONG)
    page.get_by_role("heading", name="账号信息").wait_for()
    # 步骤四 and 五, at first without the password, which this site asks for besides.
    page.get_by_role("link", name="修改资料").click()
    page.get_by_label("电子邮箱").fill(RIGHT)
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("更改电子邮箱，请输入当前密码。").first.wait_for()
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.get_by_label("电子邮箱")).to_have_value(RIGHT)
    sound(page)
    page.get_by_label("当前密码").fill(walk.PASSWORD)
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("修改成功").first.wait_for()
    expect(page.get_by_text(RIGHT).first).to_be_visible()
    expect(page.get_by_role("button", name="验证邮箱")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="退出").click()
    page.get_by_role("link", name="进入报名").first.click()
    sign_in(page, RIGHT)
    page.get_by_role("heading", name="欢迎登录CET考试报名系统").wait_for()


@EITHER
def test_a6_the_password_is_changed_and_this_browser_stays(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    registered(page, demonstration.url, RIGHT)
    page.get_by_role("link", name="账号信息").click()
    page.get_by_role("link", name="修改密码").click()
    page.get_by_label("当前密码").fill(walk.PASSWORD)
    page.get_by_label("新密码").first.fill("yanming hai zai xuexi")
    page.get_by_label("确认新密码").fill("yanming hai zai xuexi")
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("修改密码成功").wait_for()
    sound(page)
    page.get_by_role("link", name="进入报名").first.click()
    page.get_by_role("heading", name="欢迎登录CET考试报名系统").wait_for()


@EITHER
def test_a3_the_mails_links_work_and_no_request_tells_their_address(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    registered(page, demonstration.url, RIGHT)
    told = []
    page.on("request", lambda asked: told.append(asked.all_headers().get("referer", "")))
    verify, disown = link("verify"), link("disown")
    page.goto(demonstration.url + verify)
    page.get_by_role("button", name="验证邮箱").click()
    page.get_by_text("邮箱验证成功。").wait_for()
    sound(page)
    page.get_by_role("link", name="账号信息").click()
    page.get_by_text("已验证").wait_for()
    page.goto(demonstration.url + disown)
    page.get_by_role("button", name="确认，这不是我注册的账号").click()
    page.get_by_text("账号已注销。").wait_for()
    sound(page)
    page.get_by_role("link", name="注册通行证").click()
    page.get_by_role("heading", name="注册通行证").wait_for()
    tokens = [path.split("/")[3] for path in (verify, disown)]
    assert told
    assert not [referer for referer in told if any(token in referer for token in tokens)]


@EITHER
def test_a2_an_account_is_closed_after_a_page_that_says_so(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    registered(page, demonstration.url, RIGHT)
    page.get_by_role("link", name="账号信息").click()
    page.get_by_role("link", name="注销账号").click()
    page.get_by_text("不能恢复").first.wait_for()
    sound(page)
    page.get_by_label("当前密码").fill(walk.PASSWORD)
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("button", name="注销账号").click()
    page.get_by_text("账号已注销。").wait_for()
    sound(page)
    page.goto(f"{demonstration.url}/passport/")
    page.get_by_role("heading", name="考生登录").wait_for()

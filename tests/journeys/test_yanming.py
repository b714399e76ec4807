"""The guide's 颜明 in a real Chromium, with and without JavaScript, on a phone and on a wide screen."""

import pytest

from baokao.core import clock
from baokao.registration.models import Entry
from baokao.sandbox import data
from tests.journeys import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demonstration(live_site):
    """The demonstration's data, as `make demo` loads it."""
    from tests.cast import ensure_reference_data

    ensure_reference_data()
    data.load(clock.now())
    return live_site


@pytest.fixture
def visitor(browser, demonstration):
    """`visitor(javascript=…, width=…)`: a new browser's page. A request that leaves the site fails the test."""
    contexts = []

    def open_page(*, javascript: bool, width: int):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=javascript, locale="zh-CN"
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(demonstration.url) else page.faults.append(asked.url),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without javascript"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_guides_yanming_comes_from_the_home_page_to_a_seat(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    walk.register(page, demonstration.url, "yanming2016@example.com")
    walk.sign_in(page, "yanming2016@example.com")
    walk.confirm(page)
    walk.enter(page)
    for part in ("全未支付", "¥0.02", "(1) 英语四级笔试", "(4) 日语六级笔试", "当前没有报考口试科目"):
        assert page.get_by_text(part).first.is_visible(), part
    assert Entry.objects.filter(registration__name="颜明", state="unpaid").count() == 2
    assert page.faults == []
    # No sideways scrolling at any width (look.md).
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") or not javascript


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
        assert page.get_by_label("账号").input_value() == "yanming2016@example.com"


def test_a4_the_reset_button_clears_what_the_server_filled_in(visitor, demonstration):
    page = visitor(javascript=True, width=1280)
    page.goto(f"{demonstration.url}/login/")
    page.get_by_label("账号").fill("nobody@example.com")
    page.get_by_label("密码").fill("not the password")
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("账号或密码错误，请检查后重新输入。").first.wait_for()
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.get_by_role("button", name="重置").click()
    assert page.get_by_label("账号").input_value() == ""


def test_c9_the_lights_refresh_in_place(visitor, demonstration):
    from baokao.exams.models import Offering

    page = visitor(javascript=True, width=390)
    walk.register(page, demonstration.url, "yanming2016@example.com")
    walk.sign_in(page, "yanming2016@example.com")
    walk.confirm(page)
    page.get_by_role("link", name="笔试报考").first.click()
    light = page.locator("#light-993010-1")
    assert light.inner_text() == "有"
    Offering.objects.filter(campus_id="993010", subject_id="1").update(target=0, capacity=0)
    page.locator('#light-993010-1[data-level="none"]').wait_for()
    assert light.inner_text() == "无"
    assert page.get_by_role("checkbox", name="(1) 英语四级笔试").is_disabled()

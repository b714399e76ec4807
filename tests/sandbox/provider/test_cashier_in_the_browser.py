"""沙箱收银台 as a person meets it: without JavaScript, on a phone and a wide screen, light and dark; axe is silent."""

import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.guards.test_axe import RULES
from tests.guards.test_axe import told as lines_of
from tests.sandbox.provider.client import order, order_on_a_phone, query_of, signed

pytestmark = pytest.mark.browser
WORDS = ("重复通知", "延迟通知", "金额错误", "签名错误", "不通知", "付款后关闭")


@pytest.fixture
def page(browser, provider):
    """A payer without JavaScript."""
    with browser.new_context(base_url=provider.url, locale="zh-CN", java_script_enabled=False) as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


def address(number="P1", phone=False, notify_url=None, back="/healthz", provider=None, **more):
    """The signed address with which the merchant sends the payer; back leads to a page that exists."""
    method = "alipay.trade.wap.pay" if phone else "alipay.trade.page.pay"
    biz = (order_on_a_phone if phone else order)(number, **more)
    more = {"return_url": provider.url + back, "notify_url": notify_url}
    return f"/gateway.do?{query_of(signed(method, biz, datetime.now(UTC), **more))}"


def test_confirming_pays_and_leads_back(page, provider, desk):
    page.goto(address(provider=provider, time_expire="2099-01-01 00:00:00"))
    expect(page).to_have_title("沙箱收银台 - 沙箱支付")
    expect(page.get_by_text("沙箱", exact=True)).to_be_visible()
    expect(page.get_by_text("这里没有真实资金")).to_be_visible()
    expect(page.get_by_text("120.00")).to_be_visible()
    expect(page.get_by_text("2099-01-01 00:00:00")).to_be_visible()
    page.get_by_role("button", name="确认付款").click()
    expect(page).to_have_url(re.compile(r"/healthz\?"))
    expect(page).to_have_url(re.compile(r"out_trade_no=P1"))
    assert desk.trades()[0]["status"] == "TRADE_SUCCESS"


def test_giving_up_leads_back_and_pays_nothing(page, provider, desk):
    page.goto(address(provider=provider))
    page.get_by_role("button", name="放弃付款").click()
    expect(page).to_have_url(f"{provider.url}/healthz")
    assert desk.trades() == []


def test_logging_in_makes_the_trade_and_it_can_still_be_paid(page, provider, desk):
    page.goto(address(provider=provider))
    page.get_by_text("其他做法").click()
    page.get_by_role("button", name="余额不足").click()
    expect(page.get_by_text("余额不足，未付款。")).to_be_visible()
    assert desk.trades()[0]["status"] == "WAIT_BUYER_PAY"
    page.get_by_role("button", name="确认付款").click()
    assert desk.trades()[0]["status"] == "TRADE_SUCCESS"


@pytest.mark.parametrize(("word", "fault"), list(zip(
    WORDS, ("duplicate", "delayed", "wrong-amount", "bad-signature", "withheld", "no-return"), strict=True,
)))  # fmt: skip
def test_each_fault_is_offered_and_done(page, provider, desk, word, fault):
    page.goto(address(provider=provider, notify_url="http://127.0.0.1:9/notify"))
    page.get_by_label(word).check()
    page.get_by_role("button", name="确认付款").click()
    assert desk.trades()[0]["status"] == "TRADE_SUCCESS"
    assert desk.trades()[0]["faults"] == fault
    assert len(desk.notices()) == (2 if fault == "duplicate" else 1)
    if fault == "no-return":
        expect(page.get_by_role("heading", name="付款成功")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/alipay/cashier/"))
    else:
        expect(page).to_have_url(re.compile(r"/healthz\?"))


def test_an_order_that_is_paid_says_so_and_leads_back(page, provider, desk):
    page.goto(address(provider=provider))
    cashier = page.url
    page.get_by_role("button", name="确认付款").click()
    page.goto(cashier)
    expect(page.get_by_role("heading", name="无法付款")).to_be_visible()
    expect(page.get_by_text("ACQ.TRADE_HAS_SUCCESS")).to_be_visible()
    page.get_by_role("link", name="返回商户").click()
    expect(page).to_have_url(re.compile(r"/healthz\?"))


def test_what_waits_can_be_sent_now_and_the_books_show_it(page, provider, desk):
    page.goto(address(provider=provider, notify_url="http://127.0.0.1:9/notify"))
    page.get_by_label("不通知").check()
    page.get_by_role("button", name="确认付款").click()
    page.goto("/")
    expect(page.get_by_role("heading", name="沙箱账册")).to_be_visible()
    page.get_by_role("link", name="待发通知").click()
    expect(page.get_by_text("暂不发送")).to_be_visible()
    page.get_by_role("button", name="立即发送").click()
    expect(page.get_by_role("heading", name="待发通知")).to_be_visible()
    assert desk.notices()[0]["due_at"] is not None or desk.notices()[0]["tries"]


def test_axe_finds_nothing_on_any_page(browser, provider, desk, merchant):
    merchant.pay("PAID1", datetime.now(UTC), "withheld")
    merchant.refund("PAID1", "20.00", "R1", datetime.now(UTC))
    found = []
    for scheme, width in (("light", 390), ("dark", 1280)):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, locale="zh-CN", base_url=provider.url,
            bypass_csp=True,
        )  # fmt: skip
        page = context.new_page()
        for path in (
            address(provider=provider), address("W1", phone=True, provider=provider),
            address("PAID1", provider=provider), "/alipay/books/", "/alipay/notices/", "/nowhere",
        ):  # fmt: skip
            page.goto(path)
            found += [f"{path[:40]} ({scheme}, {width}): {line}" for line in lines_of(Axe().run(page, options=RULES))]
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path[:40]} scrolls sideways at {width}"
        context.close()
    assert found == [], "\n".join(found)


def test_the_answers_forbid_scripts_and_frames(page, provider):
    answer = page.goto(address(provider=provider))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy

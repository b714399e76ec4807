"""首信易支付's cashier as a person meets it: without JavaScript, narrow and wide, light and dark; axe is silent."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.guards.test_axe import RULES
from tests.guards.test_axe import told as lines_of
from tests.sandbox.provider.client import BEIJING
from tests.sandbox.provider.payease.client import MID, order

pytestmark = pytest.mark.browser
TODAY = f"{datetime.now(BEIJING):%Y%m%d}"
WORDS = ("重复通知", "延迟通知", "合并通知", "金额错误", "签名错误", "先成功后失败", "不通知", "付款后关闭")
FAULTS = (
    "duplicate", "delayed", "joined", "wrong-amount", "bad-signature", "rejected-after", "withheld", "no-return",
)  # fmt: skip


@pytest.fixture
def page(browser, provider):
    """A payer without JavaScript."""
    with browser.new_context(base_url=provider.url, locale="zh-CN", java_script_enabled=False) as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


def numbered(serial) -> str:
    return f"{TODAY}-{MID}-{serial}"


def address(provider, serial="P1", bank=None):
    """Where the merchant's form leads; back leads to a page that exists."""
    where = "customer/gb/pay_bank.jsp" if bank else "prs/user_payment.checkit"
    return f"/{where}?{urlencode(order(numbered(serial), v_url=f'{provider.url}/healthz', v_pmode=bank))}"


def test_a_payer_chooses_a_bank_and_confirms(page, provider, desk):
    page.goto(address(provider))
    expect(page).to_have_title("沙箱收银台 - 沙箱支付")
    expect(page.get_by_text("这里没有真实资金")).to_be_visible()
    expect(page.get_by_text("120.00")).to_be_visible()
    page.get_by_label("支付方式").select_option(label="中国银行")
    page.get_by_role("button", name="确认付款").click()
    expect(page).to_have_url(re.compile(r"/healthz\?"))
    expect(page).to_have_url(re.compile(r"v_pstatus=20"))
    assert desk.trades()[0]["paid_at"] is not None


def test_the_merchants_bank_is_shown_and_not_chosen(page, provider, desk):
    page.goto(address(provider, bank="85"))
    expect(page.get_by_text("中国银行", exact=True)).to_be_visible()
    expect(page.get_by_label("支付方式")).to_have_count(0)


def test_refused_by_the_bank_and_tried_again(page, provider, desk):
    page.goto(address(provider))
    cashier = page.url
    page.get_by_text("其他做法").click()
    page.get_by_role("button", name="银行拒绝").click()
    expect(page).to_have_url(re.compile(r"v_pstatus=30"))
    page.goto(cashier)
    expect(page.get_by_role("status").get_by_text("余额不足")).to_be_visible()
    page.get_by_role("button", name="确认付款").click()
    expect(page).to_have_url(re.compile(r"v_pstatus=20"))


def test_submitted_and_the_result_later(page, provider, desk):
    page.goto(address(provider))
    cashier = page.url
    page.get_by_text("其他做法").click()
    page.get_by_role("button", name="已提交").click()
    expect(page).to_have_url(re.compile(r"v_pstatus=1\&"))
    page.goto(cashier)
    expect(page.get_by_role("heading", name="无法付款")).to_be_visible()
    page.get_by_role("link", name="返回商户").click()
    expect(page).to_have_url(re.compile(r"/healthz\?"))


def test_giving_up_leads_back_and_pays_nothing(page, provider, desk):
    page.goto(address(provider))
    page.get_by_role("button", name="放弃付款").click()
    expect(page).to_have_url(f"{provider.url}/healthz")
    assert desk.totals() == {}


def test_each_fault_is_offered_and_done(page, provider, desk):
    for word, fault in zip(WORDS, FAULTS, strict=True):
        page.goto(address(provider, fault.replace("-", "")))
        page.get_by_label(word).check()
        page.get_by_role("button", name="确认付款").click()
        assert desk.trades()[0]["faults"] == fault
        number = desk.trades()[0]["v_oid"]
        told = [notice for notice in desk.notices() if notice["v_oid"] == number]
        assert len(told) == (2 if fault in ("duplicate", "rejected-after") else 1), word
        if fault == "no-return":
            expect(page.get_by_role("heading", name="已提交银行")).to_be_visible()
        else:
            expect(page).to_have_url(re.compile(r"/healthz\?"))


def test_the_books_and_what_waits(page, provider, desk, merchant):
    merchant.pay(numbered("P1"), datetime.now(UTC), "withheld")
    page.goto("/")
    expect(page.get_by_role("heading", name="首信易支付沙箱账册")).to_be_visible()
    with page.expect_download() as statement:
        page.get_by_role("link", name="2").first.click()
    assert numbered("P1") in statement.value.path().read_text("gb18030")
    page.get_by_role("link", name="待发通知").click()
    expect(page.get_by_text("暂不发送")).to_be_visible()
    page.get_by_role("button", name="立即发送").click()
    expect(page.get_by_role("heading", name="待发通知")).to_be_visible()


def test_axe_finds_nothing_on_any_page(browser, provider, desk, merchant):
    moment = datetime.now(UTC)
    merchant.pay(numbered("PAID1"), moment, "withheld")
    merchant.refund(numbered("PAID1"), "20.00", moment)
    for count in range(4):
        merchant.pay(numbered(f"JOINED{count}"), moment, "joined")
    found = []
    for scheme, width in (("light", 390), ("dark", 1280)):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, locale="zh-CN", base_url=provider.url,
            bypass_csp=True,
        )  # fmt: skip
        page = context.new_page()
        for path in (address(provider), "/payease/books/", "/payease/notices/"):
            page.goto(path)
            found += [f"{path[:40]} ({scheme}, {width}): {line}" for line in lines_of(Axe().run(page, options=RULES))]
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path[:40]} scrolls sideways at {width}"
        context.close()
    assert found == [], "\n".join(found)

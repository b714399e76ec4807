"""Paying by 支付宝 in a real Chromium, at the sandbox's provider (rules D1 to D6; the guide's §15 and §16)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from baokao.core import clock
from baokao.core.invariants import runner
from baokao.exams.models import Offering
from baokao.payments.models import Attempt, Refund
from baokao.registration import services as registration
from baokao.registration.models import Entry
from tests.cast import a_record
from tests.journeys import walk
from tests.journeys.paying import providers
from tests.site import Site, Worker, free_port
from tests.speaking import set_speaking_stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = pytest.mark.parametrize(
    ("javascript", "width"), [(False, 390), (True, 1280)], ids=["phone without javascript", "wide"]
)


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def both(tmp_path_factory, port):
    with providers(tmp_path_factory.mktemp("provider"), f"http://localhost:{port}") as found:
        yield found


@pytest.fixture(scope="module")
def sandbox(both):
    """支付宝, and the settings."""
    return both[0], both[2]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, sandbox, port):
    with django_db_blocker.unblock():
        found = Site(workers=2, port=port, **sandbox[1])
    yield found
    found.stop()


@pytest.fixture
def shop(transactional_db, site, both):
    """A site that the providers know, with a worker that asks and gives back."""
    site.begin()
    both[0].disarm()
    both[1].disarm()
    # 颜明's campus and record are enough; the demonstration's two thousand others would take longer than the journey.
    a_record(set_speaking_stage(), name="颜明", number=walk.YANMING.number, subjects="13456F")
    worker = Worker(**both[2])
    yield site
    worker.stop()


@pytest.fixture
def visitor(browser, shop):
    contexts = []

    def open_page(*, javascript=True, width=1280):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=javascript, locale="zh-CN"
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def registered(page, site, person=walk.YANMING):
    """The person, with written and speaking saved, at the registration page."""
    walk.come_in(page, site.url, person)
    walk.enter(page, person)
    walk.speak(page, person)


def to_the_cashier(page, *untick, bank=""):
    """支付, 去支付, 确定, 支付宝, 确定; or 首信易支付 with a bank, and once more 确定 below 温馨提示."""
    page.get_by_role("button", name="支付", exact=True).click()
    for label in untick:
        page.get_by_role("checkbox", name=label).uncheck()
    page.get_by_role("button", name="去支付").click()
    page.get_by_role("heading", name="请确认报考信息").wait_for()
    page.get_by_role("button", name="确定").click()
    page.get_by_role("radio", name="首信易支付" if bank else "支付宝").check()
    if bank:
        page.get_by_role("radio", name=bank, exact=True).check()
    page.get_by_role("button", name="确定").click()
    if bank:
        page.get_by_role("heading", name="温馨提示").wait_for()
        expect(page.get_by_text(f"您选择首信易支付 {bank}进行支付, 支付金额为")).to_be_visible()
        page.get_by_role("button", name="确定").click()
    page.get_by_text("沙箱收银台").first.wait_for()


def pay(page):
    """确认付款, at either provider's cashier, and back at 支付结果."""
    page.get_by_role("button", name="确认付款").first.click()
    page.get_by_role("heading", name="支付结果", exact=True).wait_for()


def states():
    """States of 颜明's entries, by subject, ended ones left out."""
    return dict(
        Entry.objects.filter(registration__name="颜明", state__in=Entry.LIVE).values_list("subject_id", "state")
    )


def eventually(page, site, words):
    """The words come up on the registration or result page, sooner or later; nobody presses anything but reload."""
    for _ in range(60):
        if page.get_by_text(words).first.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{words} did not come: {page.inner_text('main')}")


def sound():
    assert not {found.name for found in runner.run()} & {"I2", "I5", "I6", "I7", "I9", "I10"}


@SCREENS
def test_written_and_speaking_are_paid_together(visitor, shop, javascript, width):
    page = visitor(javascript=javascript, width=width)
    registered(page, shop)
    to_the_cashier(page)
    pay(page)
    eventually(page, shop, "支付成功")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="返回报名信息").click()
    expect(page.get_by_text("已全部支付")).to_have_count(2)
    expect(page.get_by_role("button", name="支付", exact=True)).to_have_count(0)
    assert states() == {"1": "paid", "4": "paid", "F": "paid"}
    sound()


@SCREENS
def test_then_one_alone_by_payease_with_the_bank_of_china(visitor, shop, javascript, width):
    page = visitor(javascript=javascript, width=width)
    registered(page, shop)
    to_the_cashier(page, "(4) 日语六级笔试", "(F) 英语四级口试")
    pay(page)
    eventually(page, shop, "支付成功")
    page.get_by_role("link", name="返回报名信息").click()
    to_the_cashier(page, "(4) 日语六级笔试", bank="中国银行")
    pay(page)
    eventually(page, shop, "支付成功")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert states() == {"1": "paid", "4": "unpaid", "F": "paid"}
    assert sorted(Attempt.objects.values_list("provider", flat=True)) == ["alipay", "payease"]
    sound()


def test_b8_once_through_each_provider_gets_one_back(visitor, shop):
    """首信易支付 can't end an order, so its bank takes the money that 支付宝 was paid in the meantime."""
    page = visitor()
    registered(page, shop)
    to_the_cashier(page, bank="中国银行")
    other = page.context.new_page()
    other.goto(f"{shop.url}/my/registration/")
    to_the_cashier(other)
    pay(other)
    eventually(other, shop, "支付成功")
    pay(page)
    eventually(page, shop, "该科目已经支付，多付的款项全额退回")
    for _ in range(60):
        if set(Refund.objects.values_list("state", flat=True)) == {"done"}:
            break
        page.wait_for_timeout(500)
    assert set(Refund.objects.values_list("state", flat=True)) == {"done"}
    assert states() == {"1": "paid", "4": "paid", "F": "paid"}
    sound()


def test_then_one_alone(visitor, shop):
    page = visitor()
    registered(page, shop)
    to_the_cashier(page, "(4) 日语六级笔试", "(F) 英语四级口试")
    pay(page)
    eventually(page, shop, "支付成功")
    expect(page.get_by_text("还有科目未支付：")).to_be_visible()
    page.get_by_role("link", name="返回报名信息").click()
    expect(page.get_by_text("部分支付").first).to_be_visible()
    to_the_cashier(page, "(4) 日语六级笔试")
    pay(page)
    eventually(page, shop, "支付成功")
    assert states() == {"1": "paid", "4": "unpaid", "F": "paid"}
    sound()


def test_d3_the_browser_is_closed_at_the_provider_and_no_notification_comes(visitor, shop, sandbox):
    """付款后关闭 and 不通知 together: the worker asks, and who opens the browser again finds it paid."""
    page = visitor()
    registered(page, shop)
    to_the_cashier(page)
    cookies = page.context.cookies()
    desk, attempt = sandbox[0], Attempt.objects.get()
    token = page.url.rstrip("/").rpartition("/")[2]
    desk.pay(token, clock.now(), ["withheld"])
    page.context.close()
    again = visitor()
    again.context.add_cookies(cookies)
    again.goto(f"{shop.url}/my/registration/")
    eventually(again, shop, "已全部支付")
    attempt.refresh_from_db()
    assert attempt.settlement.proof == "query"
    sound()


def test_d6_who_gives_up_reads_not_to_pay_twice_and_can_begin_again(visitor, shop):
    page = visitor()
    registered(page, shop)
    to_the_cashier(page)
    page.get_by_role("button", name="放弃付款").click()
    page.get_by_text("支付结果确认中，请勿重复支付").wait_for()
    page.goto(f"{shop.url}/my/registration/")
    to_the_cashier(page)
    pay(page)
    eventually(page, shop, "支付成功")
    assert sorted(Attempt.objects.values_list("state", flat=True)) == ["ended", "paid"]


def test_d6_b8_who_pays_twice_in_two_windows_gets_one_back(visitor, shop):
    page = visitor()
    registered(page, shop)
    to_the_cashier(page)
    other = page.context.new_page()
    other.goto(f"{shop.url}/my/registration/")
    to_the_cashier(other)
    pay(other)
    eventually(other, shop, "支付成功")
    pay(page)
    eventually(page, shop, "该科目已经支付，多付的款项全额退回")
    for _ in range(60):
        if set(Refund.objects.values_list("state", flat=True)) == {"done"}:
            break
        page.wait_for_timeout(500)
    assert set(Refund.objects.values_list("state", flat=True)) == {"done"}
    assert states() == {"1": "paid", "4": "paid", "F": "paid"}
    sound()


@pytest.mark.parametrize("seats", ["free", "gone"])
def test_d6_b7_who_pays_after_the_entries_ended(visitor, shop, seats):
    page = visitor()
    registered(page, shop)
    to_the_cashier(page)
    # Time passes for us, and not for the provider.
    past = clock.now() - timedelta(minutes=1)
    Attempt.objects.update(expires_at=past, ask_at=past)
    Entry.objects.update(held_until=past)
    for _ in range(100):
        registration.expire_entries(clock.now())
        if not states():
            break
        page.wait_for_timeout(200)
    assert not states()
    if seats == "gone":
        Offering.objects.filter(entry__registration__name="颜明").update(target=0, capacity=0)
    pay(page)
    if seats == "free":
        eventually(page, shop, "支付成功")
        assert states() == {"1": "paid", "4": "paid", "F": "paid"}
    else:
        eventually(page, shop, "款项原路退回")
        eventually(page, shop, "原路退回。")
        assert states() == {}
    sound()

"""集体缴费 in a real Chromium: a coordinator locks a class, pays by 支付宝 at the sandbox's provider and reads each
student's result, while a candidate sees the lock (rule D8)."""

import os

import pytest
from playwright.sync_api import expect

from baokao.core import clock
from baokao.core.invariants import runner
from baokao.payments.models import GroupPayment
from baokao.registration import services as registration
from baokao.registration.models import Entry
from tests.cast import SITTING, a_passport, a_record, agreed
from tests.journeys.paying import providers
from tests.office.desks import a_staff, at_desk
from tests.signing_in import signed_in_client
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
def site(django_db_setup, django_db_blocker, both, port):
    with django_db_blocker.unblock():
        found = Site(workers=2, port=port, **both[2])
    yield found
    found.stop()


@pytest.fixture
def school(transactional_db, site, both):
    """A class of three, one with a speaking entry, and one of another class; a worker that asks and gives back."""
    site.begin()
    both[0].disarm()
    stage, people = set_speaking_stage(), []
    for number, (name, class_name) in enumerate(
        [("颜明", "1班"), ("王佳怡", "1班"), ("陈思远", "1班"), ("赵一", "2班")]
    ):
        record = a_record(
            stage, name=name, subjects="14F", department="化学学院", class_name=class_name, student_no=f"000{number}"
        )
        passport = agreed(a_passport())
        registration.save_registration(passport.id, record.id, clock.now())
        registration.save_entries(passport.id, SITTING, frozenset("1"), clock.now())
        people.append(passport)
    registration.save_speaking(people[0].id, SITTING, {"F": "993010"}, clock.now())
    worker = Worker(**both[2])
    yield site, people
    worker.stop()


@pytest.fixture
def visit(browser, school):
    """A browser with the cookies of Django's test client."""
    contexts = []

    def open_page(client, *, javascript=True, width=1280):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=javascript, locale="zh-CN"
        )
        contexts.append(context)
        site, _ = school
        context.add_cookies(
            [{"name": name, "value": morsel.value, "url": site.url} for name, morsel in client.cookies.items()]
        )
        context.set_default_timeout(20_000)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def shot(page, name):
    """A picture for who looks at the pages: `BAOKAO_SHOTS=folder`."""
    if folder := os.environ.get("BAOKAO_SHOTS"):
        width = page.viewport_size["width"]
        page.screenshot(path=f"{folder}/group-{name}-{width}.png", full_page=True)
        overflows = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not overflows, f"{name} scrolls sideways at {width}"


@SCREENS
def test_d8_a_coordinator_locks_a_class_and_pays_for_it(visit, school, both, javascript, width):
    site, people = school
    page = visit(at_desk(a_staff()), javascript=javascript, width=width)
    page.goto(f"{site.url}/office/group/")
    shot(page, "none")
    page.get_by_role("link", name="新建集体缴费").click()
    page.get_by_label("班级", exact=True).select_option("1班")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("button", name="加入全部 4 科")).to_be_visible()
    shot(page, "pick")
    page.get_by_role("button", name="加入全部 4 科").click()
    expect(page.get_by_role("heading", name="1班", level=1)).to_be_visible()
    shot(page, "picked")
    page.get_by_role("button", name="锁定 4 科").click()
    expect(page.get_by_text("已锁定 4 科。")).to_be_visible()
    shot(page, "locked")

    candidate = visit(signed_in_client(people[0]), javascript=javascript, width=width)
    candidate.goto(f"{site.url}/my/registration/")
    expect(candidate.get_by_text("该科目已被集体缴费锁定，请联系学校老师。")).to_be_visible()
    shot(candidate, "candidate")

    page.get_by_role("link", name="缴费 ¥0.04").click()
    page.get_by_label("支付宝").check()
    shot(page, "way")
    page.get_by_role("button", name="确定").click()
    page.get_by_role("button", name="确认付款").click()
    expect(page.get_by_text("已为 3 人支付 4 科，共 ¥0.04")).to_be_visible()
    shot(page, "paid")
    assert GroupPayment.objects.get().state == "paid"
    assert Entry.objects.filter(state="paid").count() == 4
    assert Entry.objects.get(registration__passport=people[3]).state == "unpaid"
    candidate.reload()
    expect(candidate.get_by_text("该科目已被集体缴费锁定")).to_have_count(0)
    expect(candidate.get_by_text("已全部支付").first).to_be_visible()
    assert not {found.name for found in runner.run(patience=0)} & {"I2", "I5", "I6", "I7", "I8", "I9", "I10"}


def test_d8_a_list_is_let_go_and_the_candidate_can_pay(visit, school):
    site, people = school
    page = visit(at_desk(a_staff()))
    page.goto(f"{site.url}/office/group/new/")
    page.get_by_label("选择赵一 (1) 英语四级笔试").check()
    page.get_by_label("名称").fill("2班")
    page.get_by_role("button", name="加入勾选的科目").click()
    page.get_by_role("button", name="锁定 1 科").click()
    page.get_by_role("button", name="解除全部锁定").click()
    expect(page.get_by_text("将移出 1 人的 1 科，其中 1 科解除锁定。")).to_be_visible()
    shot(page, "release")
    page.get_by_role("button", name="解除锁定").click()
    expect(page.get_by_text("解除锁定 1 科。")).to_be_visible()
    candidate = visit(signed_in_client(people[3]))
    candidate.goto(f"{site.url}/my/registration/")
    expect(candidate.get_by_role("heading", name="1 科未支付")).to_be_visible()

"""The guide's three candidates in a real Chromium, with and without JavaScript, on a phone and on a wide screen."""

import pytest
from playwright.sync_api import expect

from baokao.core.invariants import runner
from baokao.registration.models import Entry
from tests.journeys import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, 390), (False, 390), (True, 1280), (False, 1280)],
    ids=["phone", "phone without javascript", "wide", "wide without javascript"],
)


def arrived(page, person, sums, *shown):
    """The registration page shows these, nothing went wrong on the way, and nothing scrolls sideways (look.md)."""
    for part in (*sums, *shown, *person.written):
        expect(page.get_by_text(part).first, part).to_be_visible()
    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not {"I1", "I2", "I3", "I4", "I10"} & {found.name for found in runner.run(patience=0)}


@SCREENS
def test_the_guides_yanming_enters_two_written_subjects_and_speaking_at_the_own_campus(
    visitor, demonstration, javascript, width
):
    page = visitor(javascript=javascript, width=width)
    walk.come_in(page, demonstration.url, walk.YANMING)
    walk.enter_two_of_a_level(page)
    walk.enter(page)
    walk.speak(page)
    arrived(page, walk.YANMING, ("全未支付", "¥0.02", "¥0.01"), "(F) 英语四级口试")
    assert Entry.objects.filter(registration__name="颜明", state="unpaid").count() == 3


@SCREENS
def test_the_guides_liao_xiaoer_takes_the_speaking_test_at_another_school(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    walk.come_in(page, demonstration.url, walk.LIAO)
    walk.enter(page, walk.LIAO)
    walk.speak(page, walk.LIAO)
    arrived(page, walk.LIAO, ("全未支付", "¥0.01"), "(F) 英语四级口试", "口试开放校区")
    entry = Entry.objects.get(registration__name="廖晓儿", subject_id="F")
    assert (entry.offering.campus_id, entry.state) == ("991020", "unpaid")


@SCREENS
def test_the_guides_libo_enters_japanese_and_reads_why_speaking_is_not_to_be_had(
    visitor, demonstration, javascript, width
):
    page = visitor(javascript=javascript, width=width)
    walk.come_in(page, demonstration.url, walk.LIBO)
    walk.enter(page, walk.LIBO)
    page.get_by_role("link", name="口试报考").first.click()
    for part in ("不具有CET四级口试报考资格！", "不具有CET六级口试报考资格！", "考试日期未公布。"):
        expect(page.get_by_text(part).first, part).to_be_visible()
    page.get_by_role("link", name="返回").click()
    arrived(page, walk.LIBO, ("全未支付", "¥0.02"), "当前没有报考口试科目，可通过“")


def test_c7_giving_up_the_written_subject_names_what_goes_along(visitor, demonstration):
    page = visitor(javascript=False, width=390)
    walk.come_in(page, demonstration.url, walk.LIAO)
    walk.enter(page, walk.LIAO)
    walk.speak(page, walk.LIAO)
    page.get_by_role("link", name="笔试报考").first.click()
    page.get_by_role("checkbox", name="(1) 英语四级笔试").uncheck()
    page.get_by_role("button", name="提交").click()
    page.get_by_role("heading", name="将一并取消的口试科目").wait_for()
    expect(page.get_by_text("(F) 英语四级口试").first).to_be_visible()
    page.get_by_role("button", name="确认取消").click()
    page.get_by_text("当前没有报考笔试科目").wait_for()
    assert not Entry.objects.filter(registration__name="廖晓儿", state="unpaid").exists()


def test_c8_the_list_of_campuses_is_searched_and_refreshes_its_lights(visitor, demonstration):
    from baokao.exams.models import Offering

    page = visitor(javascript=True, width=390)
    walk.come_in(page, demonstration.url, walk.LIAO)
    walk.enter(page, walk.LIAO)
    page.get_by_role("link", name="口试报考").first.click()
    page.get_by_role("button", name="选择").first.click()
    for name, light in (("口试开放校区", "有"), ("口试紧张校区", "紧张"), ("口试报满校区", "无")):
        expect(page.locator("li", has_text=name).locator(".light")).to_have_text(light)
    expect(page.locator("li", has_text="口试未开放校区").get_by_text("开始报名")).to_be_visible()
    expect(page.get_by_text("口试仅限本校校区")).to_have_count(0)
    page.get_by_label("按校区名称或代码查找").fill("991020")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("link", name="口试开放校区")).to_be_visible()
    expect(page.get_by_text("口试紧张校区")).to_have_count(0)
    Offering.objects.filter(campus_id="991020", subject_id="F").update(target=0, capacity=0)
    page.locator('#light-991020-F[data-level="none"]').wait_for()
    assert page.faults == []

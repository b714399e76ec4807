"""The guide's step 7 in all its outcomes, in a real Chromium: passed by itself, waiting for the school, not taken, of
before 2005, failed and deleted (rules E1 to E5, E7)."""

import re

import pytest
from playwright.sync_api import expect

from baokao.core import clock
from baokao.registration.queries import holders
from baokao.review import services
from baokao.review.models import Application, Decision
from tests.journeys import walk
from tests.journeys.test_account import EITHER
from tests.journeys.test_guide import SCREENS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# 李博's past scores in the demonstration (pages.md).
OWN_NUMBER, OWN_NAME, TOO_LOW, BEFORE_2005 = (
    "991010162100101", "991010162100102", "991010162100103", "991010042100101",
)  # fmt: skip
STEP_7 = "CET6资格复核，如果CET4成绩为2005年之前的，请联系学校相关老师。"


def sound(page):
    """Nothing went wrong on the way, and nothing scrolls sideways (look.md)."""
    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def at_the_confirmation(page, site):
    """From the home page to 李博's confirmation page, with the button and its sentence."""
    walk.register(page, site, walk.LIBO.email)
    walk.sign_in(page, walk.LIBO.email)
    walk.look_up(page, walk.LIBO)
    expect(page.get_by_text(STEP_7)).to_be_visible()
    sound(page)


def open_form(page):
    """点击打开 CET6 资格复核申请页面."""
    page.get_by_role("link", name="CET6资格复核").first.click()


def apply(page, ticket):
    """准考证号, the box, 保存并提交复核."""
    page.get_by_label("准考证号", exact=False).first.fill(ticket)
    page.get_by_role("checkbox", name="我确认提交复核的信息所有者为本人").check()
    sound(page)
    page.get_by_role("button", name="保存并提交复核").click()


def shows(page, *parts):
    for part in parts:
        page.get_by_text(part).first.wait_for()
    sound(page)


def decided(verdict, reason="学生证与成绩单核对"):
    """What the school decides, its time to undo being over."""
    now = clock.now()
    services.decide(
        "staff:" + "a" * 32, Application.objects.get(state="pending", record__name="李博").id, verdict, reason, now
    )
    services.take_effect(holders, Decision.objects.get(outcome="open").effective_at)


@SCREENS
def test_e3_libo_passes_by_himself_and_enters_cet6(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    at_the_confirmation(page, demonstration.url)
    open_form(page)
    apply(page, BEFORE_2005)
    shows(page, "CET四级笔试成绩为2005年之前的考生，请联系学校相关负责老师代为申请。")
    expect(page).to_have_title(re.compile("^错误："))
    apply(page, TOO_LOW)
    shows(page, "没有对应的CET四级笔试通过记录，无法提交")
    apply(page, OWN_NUMBER)
    shows(page, "查看复核申请信息", "复核通过", OWN_NUMBER)
    page.get_by_role("link", name="关闭").click()
    shows(page, "英语六级笔试；日语四级笔试；日语六级笔试")
    page.get_by_role("checkbox", name="我已检查并确认学籍与资格信息正确").check()
    page.get_by_role("button", name="保存并继续").click()
    shows(page, "保存成功！")
    page.get_by_role("link", name="笔试报考").first.click()
    page.get_by_role("checkbox", name="(2) 英语六级笔试").check()
    page.get_by_role("button", name="提交").click()
    shows(page, "保存成功！", "(2) 英语六级笔试")


@EITHER
def test_e4_libo_waits_for_the_school_fails_and_tries_again(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    at_the_confirmation(page, demonstration.url)
    open_form(page)
    apply(page, OWN_NAME)
    shows(page, "查看复核申请信息", "未复核", "请联系学校负责老师", "王老师")
    expect(page.get_by_role("button", name="删除申请")).to_have_count(0)
    decided(Decision.Verdict.FAIL, "未携带成绩单原件")
    page.get_by_role("link", name="关闭").click()
    page.get_by_role("link", name="CET6资格复核").click()
    shows(page, "复核失败", "未携带成绩单原件")
    apply(page, OWN_NUMBER)
    shows(page, "复核通过")


@EITHER
def test_e4_libo_fails_deletes_and_is_passed_by_the_school(visitor, demonstration, javascript, width):
    page = visitor(javascript=javascript, width=width)
    walk.come_in(page, demonstration.url, walk.LIBO)
    open_form(page)
    apply(page, OWN_NAME)
    shows(page, "未复核")
    decided(Decision.Verdict.FAIL)
    page.reload()
    page.get_by_role("button", name="删除申请").click()
    shows(page, "删除成功！", "新增CET6资格复核申请")
    apply(page, OWN_NAME)
    shows(page, "未复核")
    decided(Decision.Verdict.PASS)
    page.get_by_role("link", name="关闭").click()
    shows(page, "英语六级笔试；日语四级笔试；日语六级笔试")
    page.get_by_role("link", name="CET6资格复核").click()
    shows(page, "复核通过", "不能更改或取消")

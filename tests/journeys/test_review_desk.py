"""A coordinator decides reviews by keyboard, undoes one, and applies on behalf, in a real Chromium (rules E4, E6)."""

import os
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect

from baokao.core import clock
from baokao.registration.queries import holders
from baokao.review import services
from baokao.review.models import Application
from baokao.roster.models import StudentRecord
from baokao.sandbox.data.people import record_of
from tests.cast import a_passport
from tests.journeys.test_account import EITHER
from tests.review.doing import a_score
from tests.review.scans import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEACHER, PASSWORD, SECRET = "teacher@example.com", "xuexiao-2026-desk", "NB2W45DFOIZA4YLBNB2W45DFOIZA4YL2"
NAMES = ("周子涵", "马晓东", "吴桐")


def three_that_wait():
    """Three students of the coordinator's school whose numbers differ from the score's."""
    made = []
    # The demonstration's own came before them.
    Application.objects.all().delete()
    sitting = StudentRecord.objects.get(name="颜明", campus_id="993010").sitting
    for seat, name in enumerate(NAMES, start=1):
        record = record_of(
            sitting, number=f"99301000{seat:03}", name=name, campus_id="993010", id_type="6", gender="女",
            department="化学学院", class_name=str(seat), student_no=f"0{seat}", subjects_given="1",
        )  # fmt: skip
        record.save(force_insert=True)
        ticket = f"9930101621{seat:03}01"
        a_score(f"99301099{seat:03}", name, ticket)
        made.append(
            Application.objects.create(
                sitting=sitting, passport=a_passport(), record=record, ticket_number=ticket,
                submitted_at=clock.now() - timedelta(minutes=10 - seat),
            )
        )  # fmt: skip
    return made


def sound(page):
    """Nothing went wrong on the way, and nothing scrolls sideways (look.md)."""
    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sign_in(page, site):
    page.goto(f"{site}/office/")
    page.get_by_label("账号").fill(TEACHER)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("动态码").fill(pyotp.TOTP(SECRET).at(clock.now()))
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="报名与缴费").wait_for()


def queue(page, site):
    page.goto(f"{site}/office/review/")
    page.get_by_role("heading", name="CET6资格复核").wait_for()
    sound(page)
    page.get_by_role("link", name="开始复核").click()


def at(page, name):
    page.get_by_role("heading", name=name, exact=True).wait_for()
    sound(page)


def states(applications):
    return [Application.objects.get(id=one.id).state for one in applications]


def time_to_undo_is_over():
    services.take_effect(holders, clock.now() + timedelta(minutes=6))


@pytest.mark.parametrize("width", [390, 1280])
def test_e4_three_reviews_are_decided_by_keyboard(visitor, demonstration, width):
    made = three_that_wait()
    page = visitor(javascript=True, width=width)
    sign_in(page, demonstration.url)
    queue(page, demonstration.url)
    at(page, NAMES[0])
    expect(page.locator("mark").first).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("p")
    at(page, NAMES[1])
    page.keyboard.press("3")
    page.keyboard.press("f")
    at(page, NAMES[2])
    # A letter in a field is a letter.
    page.get_by_label("核对依据或原因").fill("")
    page.get_by_label("核对依据或原因").press_sequentially("pf")
    at(page, NAMES[2])
    page.get_by_label("核对依据或原因").fill("本人到场，已核对")
    page.locator("h1").click()
    page.keyboard.press("p")
    page.get_by_text("没有等待复核的申请。").wait_for()
    sound(page)
    # The last decision is taken back.
    page.get_by_role("button", name="撤销").first.click()
    at(page, NAMES[2])
    time_to_undo_is_over()
    assert states(made) == ["passed", "failed", "pending"]


@EITHER
def test_e2_two_passports_applications_for_one_record_stand_side_by_side(visitor, demonstration, javascript, width):
    first, second, _ = three_that_wait()
    # The second one's passport names the same student, by the ticket number that stands under another's number.
    Application.objects.filter(id=second.id).update(record=first.record)
    page = visitor(javascript=javascript, width=width)
    sign_in(page, demonstration.url)
    page.goto(f"{demonstration.url}/office/review/{first.id}/")
    at(page, NAMES[0])
    beside = page.locator("#beside")
    beside.get_by_role("heading", name="同一考生的 2 件申请").wait_for()
    expect(beside.locator("mark").nth(1)).to_be_visible()
    if folder := os.environ.get("BAOKAO_SHOTS"):
        page.screenshot(path=f"{folder}/review-beside-{width}.png", full_page=True)
    beside.get_by_role("link", name=second.ticket_number).click()
    page.wait_for_url(f"**/office/review/{second.id}/")
    at(page, NAMES[0])
    page.get_by_role("radio", name="本人到场，证件与成绩报告单原件核对一致").check()
    page.get_by_role("button", name="复核通过").click()
    time_to_undo_is_over()
    assert states([first, second]) == ["passed", "passed"]


def test_e4_the_keys_can_be_turned_off(visitor, demonstration):
    made = three_that_wait()
    page = visitor(javascript=True, width=1280)
    sign_in(page, demonstration.url)
    queue(page, demonstration.url)
    at(page, NAMES[0])
    page.get_by_role("checkbox", name="启用快捷键").uncheck()
    page.keyboard.press("1")
    page.keyboard.press("p")
    page.reload()
    at(page, NAMES[0])
    expect(page.get_by_role("checkbox", name="启用快捷键")).not_to_be_checked()
    assert not made[0].decisions.exists()


@EITHER
def test_e4_e6_without_keys_evidence_is_added_and_the_school_applies_on_behalf(
    visitor, demonstration, javascript, width
):
    made = three_that_wait()
    page = visitor(javascript=javascript, width=width)
    sign_in(page, demonstration.url)
    queue(page, demonstration.url)
    at(page, NAMES[0])
    scan = {"name": "成绩报告单.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    page.get_by_label("证明材料").set_input_files([scan])
    page.get_by_role("button", name="仅保存材料").click()
    page.get_by_text("材料已保存。").wait_for()
    picture = page.get_by_role("img", name="证明材料第1页")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('img.scan')?.naturalWidth > 1000")
    sound(page)
    page.get_by_role("radio", name="本人到场，证件与成绩报告单原件核对一致").check()
    page.get_by_role("button", name="复核通过").click()
    at(page, NAMES[1])
    page.goto(f"{demonstration.url}/office/review/behalf/")
    page.get_by_role("searchbox").fill("颜明")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="颜明").click()
    page.get_by_role("button", name="查询以往成绩").click()
    page.get_by_text("没有查到该考生的CET4成绩。").wait_for()
    page.get_by_label("证书编号").fill("0423456")
    page.get_by_label("考试年月").fill("2004-06")
    page.get_by_label("证明材料").set_input_files([scan])
    sound(page)
    page.get_by_role("button", name="代为申请").click()
    page.get_by_text("已代为申请。").wait_for()
    sound(page)
    time_to_undo_is_over()
    assert states(made) == ["passed", "pending", "pending"]
    assert StudentRecord.objects.get(name="颜明", campus_id="993010").subjects_by_review == "2S"

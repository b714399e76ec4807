"""The guide's §二.2 密码找回 and §二.3 账号找回 in a real Chromium, mails and all."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import expect

from baokao.core import clock
from baokao.exams.models import Sitting
from baokao.passport.models import Passport
from baokao.passport.services import NewPassport, register
from baokao.registration import services
from baokao.roster.models import StudentRecord
from baokao.sandbox import smtp
from tests.journeys import lost, walk
from tests.journeys.test_guide import SCREENS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = walk.YANMING.email


@pytest.fixture
def posted(demonstration):
    """A worker whose mails come into the demonstration's mailbox, with links to the live site under both its names."""
    from tests.site import Worker

    with smtp.catching(0, Path(settings.DATA) / "mail") as catcher:
        port = urlsplit(demonstration.url).port
        worker = Worker(
            BAOKAO_SMTP_PORT=str(catcher.server_address[1]),
            BAOKAO_BASE_URLS=f"http://localhost:{port},http://127.0.0.1:{port}",
        )
        yield worker
        worker.stop()


@pytest.fixture
def yanming(demonstration):
    """颜明 registered last week, and has forgotten how."""
    mailbox = Path(settings.DATA) / "mail"
    for old in mailbox.glob("*.eml"):
        old.unlink()
    now = clock.now()
    passport = register(NewPassport(email=EMAIL, password=walk.PASSWORD), now)
    services.accept_agreement(passport.id, Sitting.objects.get().code, 1, "192.0.2.7", now)
    record = StudentRecord.objects.get(name="颜明", campus_id="993010")
    services.save_registration(passport.id, record.id, now)
    return passport


def fits(page):
    """Nothing went wrong on the way, and nothing scrolls sideways (look.md)."""
    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@SCREENS
def test_the_guides_way_back_to_a_password(visitor, demonstration, posted, yanming, javascript, width):
    page = visitor(javascript=javascript, width=width)
    asked_from = []
    page.on("request", lambda request: asked_from.append(request.headers.get("referer", "")))
    lost.ask_for_mail(page, demonstration.url, EMAIL)
    fits(page)
    lost.open_mail(page, demonstration.url, EMAIL, "找回密码：请重置您的通行证密码")
    fits(page)
    lost.set_password(page, EMAIL)
    fits(page)
    assert not [address for address in asked_from if "/passport/reset/" in address], "the link's address leaked"
    page.goto(demonstration.url)
    page.get_by_role("link", name="进入报名").click()
    walk.sign_in(page, EMAIL, password=lost.NEW_PASSWORD)
    page.get_by_text("颜明").first.wait_for()
    assert Passport.objects.get(account=EMAIL).verified_at is not None


def test_the_second_link_does_what_the_first_does(visitor, demonstration, posted, yanming):
    page = visitor(javascript=True, width=390)
    lost.ask_for_mail(page, demonstration.url, EMAIL)
    lost.open_mail(page, demonstration.url, EMAIL, "找回密码：请重置您的通行证密码")
    lost.set_password(page, EMAIL, which=1)
    expect(page).to_have_url(re.compile(r"^http://127.0.0.1:"))


def test_a_link_in_the_mails_html_leaves_the_frame(visitor, demonstration, posted, yanming):
    page = visitor(javascript=True, width=1280)
    lost.ask_for_mail(page, demonstration.url, EMAIL)
    lost.open_mail(page, demonstration.url, EMAIL, "找回密码：请重置您的通行证密码")
    page.frame_locator("iframe").locator('a[href*="/passport/reset/"]').first.click()
    page.get_by_role("heading", name="重置密码", exact=True).wait_for()
    assert page.faults == []


@pytest.mark.parametrize(
    ("javascript", "width", "way"),
    [(True, 390, "home"), (False, 390, "login"), (True, 1280, "login"), (False, 1280, "home")],
)
def test_the_guides_way_back_to_an_account(visitor, demonstration, posted, yanming, javascript, width, way):
    page = visitor(javascript=javascript, width=width)
    page.goto(demonstration.url)
    if way == "home":
        page.get_by_role("link", name="找回已报名账号").click()
    else:
        page.get_by_role("link", name="进入报名").click()
        page.get_by_role("link", name="找回账号").click()
    lost.retrieve(page, walk.YANMING)
    fits(page)
    page.get_by_role("link", name="首页").last.click()
    page.get_by_role("link", name="进入报名").wait_for()
    lost.open_mail(page, demonstration.url, EMAIL, "您的通行证账号刚刚被找回")
    fits(page)

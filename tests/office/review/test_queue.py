"""`/office/review/`: the queue (rules E4, G1, G5, H2)."""

import re

import pytest

from baokao.passport.models import Role
from tests.office.desks import desk_client
from tests.office.review.doing import at, waiting
from tests.registration.test_pages import text
from tests.review.doing import MINUTE, NOW

pytestmark = pytest.mark.django_db


def test_g5_the_queue_shows_what_waits_the_first_submitted_first(stage, desk):
    waiting(stage, "李博", 1, NOW + MINUTE)
    waiting(stage, "颜明", 2, NOW)
    page = text(desk.get("/office/review/"))
    assert "未复核2" in page
    assert page.index("颜明") < page.index("李博")
    assert "开始复核" in page


def test_g5_search_filter_and_sort(stage, desk):
    first = waiting(stage, "李博", 1, student_no="S001")
    waiting(stage, "颜明", 2)
    for asked in ("李", "S001", first.ticket_number):
        page = text(desk.get("/office/review/", {"q": asked}))
        assert "李博" in page
        assert "颜明" not in page, asked
    desk.post(at(first), {"step": "pass", "common": "1"})
    assert "李博" not in text(desk.get("/office/review/")).partition("复核申请")[2]
    assert "待生效" in text(desk.get("/office/review/", {"f": "decided"}))
    assert "没有找到" in text(desk.get("/office/review/", {"q": "没有这个人"}))


def test_h2_the_queue_shows_no_id_number(stage, desk):
    waiting(stage)
    assert "99301000001" not in desk.get("/office/review/").content.decode()


def test_h2_no_id_number_is_in_an_address(stage, desk):
    waiting(stage)
    page = desk.get("/office/review/").content.decode() + desk.get("/office/review/behalf/").content.decode()
    assert not [found for found in re.findall(r'(?:href|action|src)="([^"]*)"', page) if "99301000001" in found]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_g1_no_other_desk_has_the_queue(stage, role):
    assert desk_client(role).get("/office/review/").status_code == 404


def test_g1_a_coordinator_of_one_department_sees_its_applications_only(stage):
    mine = waiting(stage, "颜明", 1, department="化学学院")
    theirs = waiting(stage, "李博", 2, department="文学院")
    desk = desk_client(department=["化学学院"])
    assert "李博" not in text(desk.get("/office/review/"))
    assert desk.get(at(mine)).status_code == 200
    assert desk.get(at(theirs)).status_code == 404

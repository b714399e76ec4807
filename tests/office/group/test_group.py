"""`/office/group/`, `…/<id>/`: the school's group payments, locking, letting go, whose they are (rules D8, G1, G5)."""

import pytest

from baokao.passport.models import Role
from baokao.payments.models import Attempt, Pick
from tests.office.desks import desk_client
from tests.office.group.pages import address
from tests.payments.doing import start
from tests.payments.grouping import a_group, a_locked_group, held, state
from tests.registration.test_pages import text
from tests.speaking import OWN_OTHER, a_speaker

pytestmark = pytest.mark.django_db


def test_d8_locking_says_how_many_and_why_not_the_others(desk, one, other):
    start(one, "1")
    group = a_group(one, other)
    response = desk.post(address(group), {"step": "lock"})
    assert response.headers["Location"] == f"{address(group)}?locked=2&skipped=1"
    shown = text(desk.get(response.headers["Location"]))
    assert "已锁定2科。有1科未能锁定，原因见下表。" in shown
    assert "未能锁定考生正在支付" in shown
    assert "缴费¥0.02" in shown


def test_d8_letting_go_is_asked_once_more_with_how_many(desk, one, other):
    group = a_locked_group(one, other)
    asked = text(desk.post(address(group), {"step": "release", "which": "all"}))
    assert "将移出2人的3科，其中3科解除锁定。" in asked
    assert held(group) == "114"
    response = desk.post(address(group), {"step": "release", "which": "all", "sure": "1"})
    assert response.headers["Location"] == f"{address(group)}?released=3"
    assert (held(group), state(group)) == ("", "released")


def test_d8_some_rows_are_let_go(desk, one, other):
    group = a_locked_group(one, other)
    pick = str(Pick.objects.get(entry__registration__passport=other).id)
    assert "将移出1人的1科" in text(desk.post(address(group), {"step": "release", "pick": [pick]}))
    desk.post(address(group), {"step": "release", "pick": [pick], "sure": "1"})
    assert held(group) == "14"
    assert "请至少勾选一行。" in text(desk.post(address(group), {"step": "release"}))


def test_d8_a_picks_of_another_group_is_not_let_go(desk, one, other):
    first, second = a_locked_group(one), a_locked_group(other)
    pick = str(Pick.objects.get(group=second).id)
    assert "请至少勾选一行。" in text(desk.post(address(first), {"step": "release", "pick": [pick], "sure": "1"}))
    assert held(second) == "1"


# Lists and scope


def test_g5_the_list_of_groups_shows_what_each_has(desk, one, other):
    a_locked_group(one), a_group(other)
    shown = text(desk.get("/office/group/"))
    assert "化学学院1班已锁定，待缴费120.02王老师" in shown
    assert "化学学院1班待锁定110.01王老师" in shown
    assert "待锁定110.01" not in text(desk.get("/office/group/?f=locked"))
    assert "没有符合条件的集体缴费" in text(desk.get("/office/group/?q=物理"))


ADDRESSES = ["", "add/", "pay/", "refresh/"]


@pytest.mark.parametrize("rest", ADDRESSES)
def test_g1_a_foreign_schools_group_is_as_if_it_were_not_there(one, rest):
    group, foreign = a_locked_group(one), desk_client(school=["99101"])
    for form in ({"step": "lock"}, {"step": "release", "which": "all", "sure": "1"}, {"way": "alipay"}):
        assert foreign.post(address(group, rest), form).status_code == 404
    if rest != "refresh/":
        assert foreign.get(address(group, rest)).status_code == 404
    assert (held(group), Attempt.objects.count()) == ("14", 0)
    assert "化学学院" not in text(foreign.get("/office/group/"))


def test_g1_a_desk_of_some_departments_sees_no_group_with_others_students(stage, one, other):
    mixed, own = a_group(one, other), a_group(one)
    narrow = desk_client(school=["99301"], department=["化学学院"])
    assert narrow.get(address(mixed)).status_code == 404
    assert narrow.get(address(own)).status_code == 200
    assert "王佳怡" not in text(narrow.get("/office/group/new/"))


def test_g1_a_desk_of_one_campus_picks_its_own_students_alone(stage, one):
    narrow = desk_client(school=["99301"], campus=[OWN_OTHER])
    assert "没有符合条件的未支付科目" in text(narrow.get("/office/group/new/"))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_g1_it_is_the_coordinators_page_alone(stage, one, role):
    group = a_locked_group(one)
    assert desk_client(role).get(address(group)).status_code == 404


def test_h2_no_address_of_these_pages_bears_an_id_number(desk, one, other):
    number = "993010WW"
    assert number not in desk.get("/office/group/new/").content.decode()
    assert number not in desk.get(address(a_group(one))).content.decode()


def test_the_number_of_statements_does_not_grow_with_the_list(desk, stage, one, django_assert_max_num_queries):
    group = a_group(one, *[a_speaker(stage) for _ in range(8)])
    with django_assert_max_num_queries(20):
        desk.get(address(group))
    with django_assert_max_num_queries(20):
        desk.get("/office/group/new/")

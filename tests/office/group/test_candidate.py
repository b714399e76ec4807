"""What candidates see of it on their own pages when the school holds their entries (rule D8)."""

import re
from datetime import timedelta

import pytest

from baokao.payments import services
from baokao.registration.models import Entry
from tests.cast import NOW
from tests.payments.doing import enter
from tests.payments.grouping import TEACHER, a_locked_group
from tests.registration.test_pages import text
from tests.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


def test_d8_the_candidate_sees_the_lock_and_no_clock(one):
    a_locked_group(one, codes="1")
    Entry.objects.filter(subject_id="1").update(held_until=NOW - timedelta(hours=1))
    shown = text(signed_in_client(one).get("/my/registration/"))
    assert "(1)英语四级笔试：该科目已被集体缴费锁定，请联系学校老师。" in shown
    assert "1科未支付" in shown
    paying = text(signed_in_client(one).get("/my/pay/"))
    assert "该科目已被集体缴费锁定，请联系学校老师。" in paying
    assert "已超过支付时间" not in paying


def test_d8_with_everything_locked_nothing_asks_the_candidate_to_pay(one):
    a_locked_group(one)
    shown = text(signed_in_client(one).get("/my/registration/"))
    assert "科未支付，" not in shown
    assert "请通过“支付缴费”进行支付" not in shown
    assert not re.search(r"还剩\d", shown)


def test_d8_released_the_clock_is_back(one):
    group = a_locked_group(one)
    services.release_group(group.id, None, TEACHER, NOW)
    shown = text(signed_in_client(one).get("/my/registration/"))
    assert "2科未支付" in shown
    assert "集体缴费锁定" not in shown


def test_d8_the_written_page_says_why_a_box_can_not_be_changed(one):
    a_locked_group(one, codes="1")
    assert "该科目已被集体缴费锁定，请联系学校老师。" in text(signed_in_client(one).get("/my/written/"))
    enter(one, "1")

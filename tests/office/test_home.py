"""`/office/` of the desks above a school: how their students stand (rules G1, G5)."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from baokao.passport.models import Role
from baokao.registration.models import Entry
from tests.cast import a_candidate, a_record
from tests.office.desks import desk_client
from tests.registration.doing import enter


def figures(client):
    page = client.get("/office/").content.decode()
    return {name: int(count) for name, count in re.findall(r"<dt>(.*?)</dt><dd><b>(\d+)</b>", page)}


def test_g1_the_figures_are_those_of_the_own_province(stage):
    a_record(stage)
    enter(a_candidate(stage), "14")
    Entry.objects.filter(subject="1").update(state="paid")
    enter(a_candidate(stage, campus_id="991010"), "1")
    own = {"学籍": 3, "已保存报名信息": 2, "已支付科目": 1, "未支付科目": 2}
    assert figures(desk_client(Role.PROVINCE)) == own
    assert figures(desk_client(Role.PROVINCE, province=["11"])) == dict.fromkeys(own, 0)


def test_g5_they_cost_as_many_statements_for_many_students_as_for_none(stage):
    client = desk_client(Role.PROVINCE)
    with CaptureQueriesContext(connection) as none:
        client.get("/office/")
    for _ in range(3):
        enter(a_candidate(stage), "1")
    with CaptureQueriesContext(connection) as several:
        client.get("/office/")
    assert len(several) <= len(none) <= 7

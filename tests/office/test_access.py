"""What a desk reaches, by construction (rule G1): whatever view asks."""

import ast
from pathlib import Path

import pytest
from django.http import Http404

import baokao.office
from baokao.office import access
from baokao.passport.models import Role
from baokao.registration.models import Registration
from tests.cast import a_candidate, a_record
from tests.guards.urls import routes
from tests.office.desks import a_staff, desk_client, desk_of
from tests.registration.doing import enter

OFFICE = Path(baokao.office.__file__).parent


@pytest.fixture
def own(stage):
    return a_record(stage, department="化学学院")


@pytest.fixture
def foreign(stage):
    return a_record(stage, campus_id="991010")


def reached(**scopes):
    return set(access.records(desk_of(a_staff(**scopes))))


def test_g1_a_coordinator_reaches_the_own_school(own, foreign):
    assert reached() == {own}
    assert reached(school=["99101"]) == {foreign}


def test_g1_campuses_and_departments_narrow_it(stage, own):
    other = a_record(stage, department="文学院")
    assert reached(department=["化学学院"]) == {own}
    assert reached(campus=["993010"]) == {own, other}
    assert reached(campus=["993011"]) == set()


def test_g1_a_province_reaches_its_schools_and_the_national_office_everything(stage, own, foreign):
    assert reached(role=Role.PROVINCE) == {own, foreign}
    assert reached(role=Role.PROVINCE, province=["11"]) == set()
    assert reached(role=Role.NATIONAL) == {own, foreign}


def test_g1_an_account_that_lost_its_place_reaches_nothing(own):
    staff = a_staff()
    staff.scopes.all().delete()
    desk = desk_of(staff)
    found = [access.schools(desk), access.campuses(desk), access.records(desk), access.offerings(desk)]
    assert [list(rows) for rows in found] == [[], [], [], []]


def test_g1_what_is_anothers_is_as_if_it_were_not_there(own, foreign):
    desk = desk_of(a_staff())
    assert access.record(desk, own.id) == own
    with pytest.raises(Http404):
        access.record(desk, foreign.id)


def test_g1_registrations_and_entries_follow_the_record(stage):
    enter(a_candidate(stage), "1")
    enter(a_candidate(stage, campus_id="991010"), "1")
    mine = Registration.objects.get(record__campus="993010")
    desk = desk_of(a_staff())
    assert list(access.registrations(desk)) == [mine]
    assert {entry.registration_id for entry in access.entries(desk)} == {mine.id}
    assert access.entries(desk_of(a_staff(Role.AGENT))).count() == 2


def test_g1_a_page_of_another_role_is_not_there(stage):
    agent = desk_client(Role.AGENT)
    assert (agent.get("/office/").status_code, agent.get("/office/standing/").status_code) == (200, 404)


def test_g1_every_office_view_states_its_roles():
    office = [route for route in routes() if route.pattern.startswith("/office/")]
    silent = [r.pattern for r in office if r.audience != "staff" and r.pattern != "/office/login/"]
    assert silent == []
    assert all(route.view.roles for route in office if route.audience == "staff")


def queries_outside_access(source: str) -> list[int]:
    """Lines at which a model's manager is named."""
    managers = {"objects", "_default_manager", "_base_manager"}
    return [n.lineno for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Attribute) and n.attr in managers]


def test_g1_no_view_reaches_a_table_past_the_access():
    found = {
        str(path.relative_to(OFFICE)): lines
        for path in OFFICE.rglob("*.py")
        if OFFICE / "access" not in path.parents and (lines := queries_outside_access(path.read_text()))
    }
    assert found == {}


def test_g1_a_query_past_the_access_is_found():
    """The control: the guard above sees one."""
    assert queries_outside_access("from x import Entry\nrows = Entry.objects.all()\n") == [2]

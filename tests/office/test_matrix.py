"""Every address of the office × role × object of the own and a foreign school, by what is answered (proof e11)."""

import pytest

from baokao.passport.models import Role
from tests.attacks.answers import Heard, difference, heard, tells
from tests.attacks.conftest import built, house  # noqa: F401 (the house and its fixtures)
from tests.attacks.people import House
from tests.attacks.samples import SAMPLES, filled, parts_of
from tests.attacks.tables import about, tables, undone
from tests.guards.urls import Route, routes
from tests.office.desks import a_staff, at_desk

pytestmark = pytest.mark.django_db

OFFICE = [route for route in routes() if route.pattern.startswith("/office/")]
DESKS = [route for route in OFFICE if route.audience == "staff"]


def named(route: Route, house: House) -> dict[str, tuple[str, ...]]:  # noqa: F811
    """The parts that name the own school's object, a foreign school's, and nothing."""
    if not parts_of(route.pattern):
        return {"own": ()}
    sample = SAMPLES[route.pattern]
    foreign = {} if sample.shared else {"foreign": (sample.foreign or sample.own)(house.stranger)}
    return {"own": sample.own(house.owner), "missing": sample.missing} | foreign


@pytest.mark.parametrize("method", ["get", "post"])
def test_e11_a_coordinator_reads_nothing_of_a_foreign_school(house, method):  # noqa: F811
    staff = a_staff(school=[house.owner.record.campus_id[:5]])
    client, found = at_desk(staff, raise_request_exception=False), []
    for route in DESKS:
        if Role.COORDINATOR not in route.view.roles:
            continue
        answers: set[Heard] = set()
        for kind, parts in named(route, house).items():
            with undone():
                response = getattr(client, method)(filled(route.pattern, parts))
            where = f"{method} {route.pattern} ({kind})"
            if response.status_code >= 500:
                found.append(f"{where}: {response.status_code}")
            found += [f"{where} tells {secret}" for secret in tells(response, house.stranger.secrets, parts)]
            if kind != "own":
                answers.add(heard(response, (filled(route.pattern, parts), *parts)))
        if len(answers) > 1:
            found.append(f"{method} {route.pattern} tells a foreign one from a missing: {difference(answers)}")
    assert found == []


def test_e11_a_coordinator_changes_nothing_of_a_foreign_school(house):  # noqa: F811
    client = at_desk(a_staff(school=[house.owner.record.campus_id[:5]]), raise_request_exception=False)
    everything = tables()
    before = about(house.stranger.ids, everything)
    for route in DESKS:
        for kind, parts in named(route, house).items():
            with undone():
                client.post(filled(route.pattern, parts))
                assert about(house.stranger.ids, everything) == before, f"{route.pattern} ({kind})"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_e11_a_page_of_another_desk_is_as_if_it_were_not_there(house, role):  # noqa: F811
    client = at_desk(a_staff(role), raise_request_exception=False)
    for route in DESKS:
        if role in route.view.roles:
            continue
        for kind, parts in named(route, house).items():
            for method in ("get", "post"):
                with undone():
                    response = getattr(client, method)(filled(route.pattern, parts))
                assert response.status_code == 404, f"{method} {route.pattern} ({kind}) as {role}"
                assert tells(response, house.owner.secrets, parts) == []


@pytest.mark.parametrize("role", list(Role))
def test_e11_no_page_of_the_office_fails_for_who_may_open_it(house, role):  # noqa: F811
    client = at_desk(a_staff(role), raise_request_exception=False)
    for route in DESKS:
        if role in route.view.roles:
            for parts in named(route, house).values():
                with undone():
                    assert client.get(filled(route.pattern, parts)).status_code < 500, route.pattern

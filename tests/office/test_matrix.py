"""Every address of the office × role × object of the own and a foreign school, by what is answered (proof e11)."""

from dataclasses import replace

import pytest

from baokao.passport.models import Role
from tests.attacks.answers import Heard, difference, heard, tells
from tests.attacks.conftest import built, forms, house  # noqa: F401 (the house and its fixtures)
from tests.attacks.filling import fill
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


NARROWED = pytest.mark.parametrize("narrowed", [{"department": ["别的院系"]}, {"campus": ["993019"]}, {}], ids=str)


def narrow_client(narrowed):
    """A desk of the owner's school, narrowed to where the owner isn't."""
    return at_desk(a_staff(school=["99301"], **narrowed), raise_request_exception=False)


@NARROWED
@pytest.mark.parametrize("method", ["get", "post"])
def test_e11_who_has_a_part_of_the_school_reads_nothing_of_the_rest(house, method, narrowed):  # noqa: F811
    client, found = narrow_client(narrowed), []
    for route in DESKS:
        if Role.COORDINATOR not in route.view.roles:
            continue
        for kind, parts in named(route, house).items():
            if kind == "foreign":
                continue
            with undone():
                response = getattr(client, method)(filled(route.pattern, parts))
            where = f"{method} {route.pattern} ({kind})"
            found += [f"{where} tells {secret}" for secret in tells(response, house.owner.secrets, parts)]
    assert bool(found) is not bool(narrowed), found


@NARROWED
def test_e13_who_has_a_part_of_the_school_changes_nothing_of_the_rest(house, forms, narrowed):  # noqa: F811
    """Every form of the whole school's desk, filled in rightly and sent by a desk that reaches only a part."""
    client, everything, found = narrow_client(narrowed), tables(), []
    before = about(house.owner.ids, everything)
    for form in forms:
        if not form.pattern.startswith("/office/"):
            continue
        values = fill(form, house)
        with undone():
            response = replace(form, client=client).send(values)
            if about(house.owner.ids, everything) != before:
                found.append(f"{form} changes something")
        if response.status_code >= 500:
            found.append(f"{form}: {response.status_code}")
        typed = [text for texts in values.values() for text in texts]
        found += [f"{form} tells {secret}" for secret in tells(response, house.owner.secrets, typed)]
    assert bool(found) is not bool(narrowed), found


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

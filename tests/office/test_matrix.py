"""Every address of the office × role × object of the own and a foreign school, by what is answered (proof e11)."""

from dataclasses import replace

import pytest

from baokao.passport.models import Role
from tests.attacks.answers import Heard, difference, heard, tells
from tests.attacks.conftest import built, forms, house  # noqa: F401 (the house and its fixtures)
from tests.attacks.filling import fill
from tests.attacks.people import House
from tests.attacks.samples import SAMPLES, filled, parts_of
from tests.attacks.tables import Writes, about, tables, undone
from tests.guards.test_answers import faults
from tests.guards.test_caches import NOBODY, keeping
from tests.guards.urls import Route, routes
from tests.office.desks import a_staff, at_desk

pytestmark = pytest.mark.django_db

OFFICE = [route for route in routes() if route.pattern.startswith("/office/")]
Named = list[tuple[str, tuple[str, ...]]]
DESKS = [route for route in OFFICE if route.audience == "staff"]


def named(route: Route, house: House, own: str = "owner", foreign: str = "stranger") -> Named:  # noqa: F811
    """The parts that name the own person's objects, those of one in another province's school, and nothing."""
    if not parts_of(route.pattern):
        return [("own", ())]
    sample = SAMPLES[route.pattern]
    foreigners = () if sample.shared else sample.all_foreign(getattr(house, foreign))
    owners = [("own", parts) for parts in sample.all_own(getattr(house, own))]
    return [*owners, ("missing", sample.missing), *(("foreign", parts) for parts in foreigners)]


# A desk that reaches the school of the one and not that of the other. The stranger's student is claimed by a school of
# the owner's province, whose office therefore sees that one too.
BOUNDED = {
    Role.COORDINATOR: ({"school": ["99301"]}, "owner", "stranger"),
    Role.PROVINCE: ({"province": ["11"]}, "stranger", "owner"),
}


# Of whom each desk has pages. Customer service and the supervisor have none of anybody's yet.
SHOWN = {
    Role.COORDINATOR: {"own"}, Role.PROVINCE: {"own"}, Role.NATIONAL: {"own", "foreign"}, Role.AGENT: set(),
    Role.SUPERVISOR: set(),
}  # fmt: skip


@pytest.mark.parametrize("role", BOUNDED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_e11_a_desk_reads_nothing_of_a_foreign_school(house, method, role):  # noqa: F811
    scope, own, foreign = BOUNDED[role]
    client, found = at_desk(a_staff(role, **scope), raise_request_exception=False), []
    secrets = getattr(house, foreign).secrets
    for route in DESKS:
        if role not in route.view.roles:
            continue
        answers: set[Heard] = set()
        for kind, parts in named(route, house, own, foreign):
            with undone():
                response = getattr(client, method)(filled(route.pattern, parts))
            where = f"{method} {route.pattern} ({kind})"
            if response.status_code >= 500:
                found.append(f"{where}: {response.status_code}")
            found += [f"{where} tells {secret}" for secret in tells(response, secrets, parts)]
            if kind != "own":
                answers.add(heard(response, (filled(route.pattern, parts), *parts)))
        if len(answers) > 1:
            found.append(f"{method} {route.pattern} tells a foreign one from a missing: {difference(answers)}")
    assert found == []


@pytest.mark.parametrize("role", BOUNDED)
def test_e11_a_desk_changes_nothing_of_a_foreign_school(house, role):  # noqa: F811
    scope, own, foreign = BOUNDED[role]
    client, ids = at_desk(a_staff(role, **scope), raise_request_exception=False), getattr(house, foreign).ids
    everything = tables()
    before = about(ids, everything)
    for route in DESKS:
        for kind, parts in named(route, house, own, foreign):
            with undone():
                writes = Writes(everything)
                client.post(filled(route.pattern, parts))
                touched = writes.touched()
                theirs = {row for row in before if row[0] in touched}
                assert about(ids, touched) == theirs, f"{route.pattern} ({kind})"


@pytest.mark.parametrize(("role", "expected"), [(*pair,) for pair in SHOWN.items()])
def test_e11_control_who_reaches_something_is_shown_it(house, role, expected):  # noqa: F811
    """The comparison would prove nothing if what is looked for were shown to nobody."""
    scope, own, foreign = BOUNDED.get(role, ({}, "owner", "stranger"))
    client, shown = at_desk(a_staff(role, **scope)), {"own": set(), "foreign": set()}
    secrets = {"own": getattr(house, own).secrets, "foreign": getattr(house, foreign).secrets}
    for route in DESKS:
        if role in route.view.roles:
            for kind, parts in named(route, house, own, foreign):
                if kind in shown:
                    shown[kind] |= set(tells(client.get(filled(route.pattern, parts)), secrets[kind], parts))
    assert {kind for kind, found in shown.items() if found} == expected, shown


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
        for kind, parts in named(route, house):
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
        for kind, parts in named(route, house):
            for method in ("get", "post"):
                with undone():
                    response = getattr(client, method)(filled(route.pattern, parts))
                assert response.status_code == 404, f"{method} {route.pattern} ({kind}) as {role}"
                assert tells(response, house.owner.secrets, parts) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_f12_every_answer_of_a_desk_is_kept_by_nobody_and_says_how_it_is_to_be_taken(house, method):  # noqa: F811
    client = at_desk(a_staff(), raise_request_exception=False)
    for route in DESKS:
        if Role.COORDINATOR in route.view.roles:
            for kind, parts in named(route, house):
                with undone():
                    answer = getattr(client, method)(filled(route.pattern, parts))
                assert keeping(answer) == NOBODY, f"{method} {route.pattern} ({kind})"
                assert faults(answer) == [], f"{method} {route.pattern} ({kind})"


@pytest.mark.parametrize("role", list(Role))
def test_e11_no_page_of_the_office_fails_for_who_may_open_it(house, role):  # noqa: F811
    client = at_desk(a_staff(role), raise_request_exception=False)
    for route in DESKS:
        if role in route.view.roles:
            for _, parts in named(route, house):
                with undone():
                    assert client.get(filled(route.pattern, parts)).status_code < 500, route.pattern

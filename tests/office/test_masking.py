"""What the desks show of a number, a mobile and an account that nobody asked for with a reason (rules A8, H2; f2)."""

from html import unescape

import pytest

from baokao.core.models import AuditRow
from baokao.passport.models import Role
from tests.attacks.conftest import built, house  # noqa: F401 (the house and its fixtures)
from tests.attacks.people import House
from tests.attacks.samples import filled
from tests.attacks.tables import undone
from tests.office.desks import a_staff, at_desk
from tests.office.test_matrix import DESKS, named

pytestmark = pytest.mark.django_db

# A review holds two numbers against each other, character by character (rule E4); looking at it leaves a row.
WHOLE = {"ID number": {"/office/review/<uuid:application>/"}, "mobile": set(), "account": set()}


def shown(house: House, role: Role) -> dict[str, set[str]]:  # noqa: F811
    """The patterns of the pages that show each in full, of the own school's people."""
    client = at_desk(a_staff(role, **scope_of(house, role)), raise_request_exception=False)
    people = (house.owner, house.classmate)
    found: dict[str, set[str]] = {what: set() for what in WHOLE}
    for route in DESKS:
        if role not in route.view.roles:
            continue
        body = ""
        for kind, parts in named(route, house):
            if kind == "own":
                with undone():
                    body += text_of(client.get(filled(route.pattern, parts)))
        for person in people:
            whole = {
                "ID number": person.record.id_number,
                "mobile": person.passport.mobile,
                "account": person.passport.account,
            }
            for what, text in whole.items():
                if text in body:
                    found[what].add(route.pattern)
    return found


def text_of(response) -> str:
    body = response.getvalue() if response.streaming else response.content
    return unescape(body.decode("utf-8", "replace"))


def scope_of(house: House, role: Role) -> dict[str, list[str]]:  # noqa: F811
    school = house.owner.record.campus_id[:5]
    return {Role.COORDINATOR: {"school": [school]}, Role.PROVINCE: {"province": [school[:2]]}}.get(role, {})


@pytest.mark.parametrize("role", list(Role))
def test_f2_no_desk_shows_a_whole_number_unasked_but_where_it_compares_two(house, role):  # noqa: F811
    found = shown(house, role)
    assert found == (WHOLE if role == Role.COORDINATOR else {what: set() for what in WHOLE})


def test_f2_what_is_shown_whole_leaves_a_row(house):  # noqa: F811
    client = at_desk(a_staff(school=[house.owner.record.campus_id[:5]]))
    before = AuditRow.objects.count()
    client.get(f"/office/review/{house.owner.application.id}/")
    assert AuditRow.objects.count() == before + 1


@pytest.mark.parametrize("kind", ["account", "number"])
def test_f2_control_what_is_asked_for_with_a_reason_is_found(house, kind):  # noqa: F811
    """The page that tells it does say it in full, so that the guard above would see it."""
    client = at_desk(a_staff(school=[house.owner.record.campus_id[:5]]))
    told = {"account": house.owner.passport.account, "number": house.owner.record.id_number}[kind]
    page = client.post(
        f"/office/candidates/{house.owner.record.id}/", {"ask": kind, f"{kind}-reason": "考生到办公室核对"}
    )
    assert told in unescape(page.content.decode())

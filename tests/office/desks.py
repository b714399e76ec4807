"""Staff for the tests, and browsers that are signed in at their desks."""

import itertools

from django.http import HttpResponse
from django.test import Client

from baokao.passport.models import Role, StaffAccount
from baokao.passport.staff import services, sessions
from baokao.passport.staff.services import NewStaff
from tests.cast import NOW

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX2"
PASSWORD = "a long enough desk"
_numbers = itertools.count(1)


def a_staff(
    role: Role = Role.COORDINATOR, account: str = "", name: str = "周老师", **scopes: list[str]
) -> StaffAccount:
    """A staff account with PASSWORD and SECRET. A coordinator is of 99301 and a provincial office of 99 unless a scope
    is given: `school=["99101"]`, `campus=[…]`, `department=[…]`."""
    if role == Role.COORDINATOR:
        scopes.setdefault("school", ["99301"])
    if role == Role.PROVINCE:
        scopes.setdefault("province", ["99"])
    account = account or f"s{next(_numbers)}@desk.example.com"
    services.make(NewStaff(account, name, role, scopes), "test", NOW, password=PASSWORD, totp_secret=SECRET)
    return StaffAccount.objects.get(account=account)


def at_desk(staff: StaffAccount, **options: bool) -> Client:
    """Django's test client with the cookie that `/office/login/` would have set."""
    from baokao.core import clock

    response = HttpResponse()
    sessions.open_for(response, staff, clock.now())
    client = Client(**options)
    client.cookies[sessions.COOKIE] = response.cookies[sessions.COOKIE].value
    return client


def desk_client(role: Role = Role.COORDINATOR, **scopes: list[str]) -> Client:
    """A browser signed in at a desk of its own."""
    return at_desk(a_staff(role, **scopes))


def desk_of(staff: StaffAccount, now=NOW):
    """The Desk that a request of this account would have, for the access functions."""
    from baokao.office.desk import Desk, scope_of

    return Desk(staff, scope_of(staff), "", now)

"""Scenarios of staff accounts (proof f6); as in telling.py."""

import pyotp

from baokao.core import clock
from baokao.passport.models import Role
from baokao.passport.staff import services
from baokao.passport.staff.services import NewStaff
from tests.cast import NOW
from tests.office.desks import PASSWORD, SECRET, a_staff
from tests.privacy.house import leaves


def signing_in(staff, **typed):
    return {"account": staff.account, "password": PASSWORD, "code": pyotp.TOTP(SECRET).at(clock.now())} | typed


@leaves("staff.made")
def made(house):
    yield
    services.make(NewStaff("new@desk.example.com", "新", Role.AGENT, {}), "operator", NOW)


@leaves("staff.renewed")
def renewed(house):
    staff = a_staff()
    yield
    services.renew(staff.account, "operator", NOW)


@leaves("staff.ended")
def ended(house):
    staff = a_staff()
    yield
    services.end(staff.account, "operator", NOW)


@leaves("staff.signed_in", "/office/login/")
def signed_in(house):
    staff = a_staff()
    yield
    house.post(None, "/office/login/", **signing_in(staff))


@leaves("staff.sign_in_refused", "/office/login/")
def sign_in_with_a_wrong_code(house):
    staff = a_staff()
    yield
    house.post(None, "/office/login/", **signing_in(staff, code="000000"))


@leaves("staff.sign_in_refused", "/office/login/")
def sign_in_with_an_unknown_account(house):
    staff = a_staff()
    yield
    house.post(None, "/office/login/", **signing_in(staff, account="nobody@desk.example.com"))


@leaves("staff.signed_out", "/office/logout/")
def signed_out(house):
    staff = a_staff()
    yield
    house.at_desk(staff, "/office/logout/")


@leaves("staff.password_changed", "/office/account/")
def password_changed(house):
    staff = a_staff()
    yield
    house.at_desk(
        staff, "/office/account/", current=PASSWORD, password="another long one", password2="another long one"
    )


@leaves("staff.change_refused", "/office/account/")
def password_not_changed(house):
    staff = a_staff()
    yield
    house.at_desk(staff, "/office/account/", current="wrong", password="another long one", password2="another long one")


@leaves("staff.recovery_codes_made", "/office/account/codes/")
def recovery_codes_made(house):
    staff = a_staff()
    yield
    house.at_desk(staff, "/office/account/codes/")

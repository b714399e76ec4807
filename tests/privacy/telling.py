"""Scenarios of accounts (proof f6): each is a generator whose deed, after its `yield`, leaves one row."""

from baokao.passport import limits, services
from baokao.passport.links import Purpose
from baokao.passport.models import Passport
from baokao.passport.services import Profile
from baokao.registration import services as registration
from tests.cast import NOW, PASSWORD, a_candidate, a_passport
from tests.privacy.house import leaves

NEW, HERE = "another long one", "192.0.2.7"


def told(**changed):
    return {"email": "new@example.com", "password": PASSWORD, "password2": PASSWORD, "privacy": "on"} | changed


@leaves("passport.registered", "/passport/register/")
def registered(house):
    yield
    house.post(None, "/passport/register/", "register", **told())


@leaves("passport.register_refused", "/passport/register/")
def register_with_a_taken_address(house):
    taken = a_passport().account
    yield
    house.post(None, "/passport/register/", "register", **told(email=taken))


@leaves("passport.register_refused", "/passport/register/")
def register_with_a_weak_password(house):
    yield
    house.post(None, "/passport/register/", "register", **told(password="password1", password2="password1"))


@leaves("passport.signed_in", "/login/")
def signed_in(house):
    account = a_passport().account
    yield
    house.post(None, "/login/", "login", account=account, password=PASSWORD)


@leaves("passport.sign_in_refused", "/login/")
def sign_in_with_a_wrong_password(house):
    account = a_passport().account
    yield
    house.post(None, "/login/", "login", account=account, password="wrong")


@leaves("passport.sign_in_refused", "/login/")
def sign_in_to_no_account(house):
    yield
    house.post(None, "/login/", "login", account="nobody@example.com", password="wrong")


@leaves("passport.signed_out", "/logout/")
def signed_out(house):
    passport = a_passport()
    yield
    house.post(passport, "/logout/")


@leaves("passport.current_password_refused", "/passport/password/")
def change_of_password_without_knowing_it(house):
    passport = a_passport()
    yield
    house.post(passport, "/passport/password/", "password", current="wrong", password=NEW, password2=NEW)


@leaves("passport.current_password_refused", "/passport/close/")
def close_without_knowing_the_password(house):
    passport = a_passport()
    yield
    house.post(passport, "/passport/close/", "close", current="wrong")


@leaves("passport.profile_changed", "/passport/edit/")
def profile_changed(house):
    passport = a_passport()
    yield
    house.post(passport, "/passport/edit/", "profile", email=passport.account, mobile="13800001234", name="颜明")


@leaves("passport.address_changed", "/passport/edit/")
def address_changed(house):
    passport = a_passport()
    yield
    house.post(passport, "/passport/edit/", "profile", email="other@example.com", current=PASSWORD)


@leaves("passport.change_refused", "/passport/edit/")
def change_to_a_taken_address(house):
    passport, other = a_passport(), a_passport()
    yield
    house.post(passport, "/passport/edit/", "profile", email=other.account, current=PASSWORD)


@leaves("passport.change_refused")
def change_of_address_without_the_password(house):
    passport = a_passport()
    yield
    house.refused(services.change_profile, passport, Profile("other@example.com"), "", HERE, NOW)


@leaves("passport.change_refused")
def change_after_the_session_ended(house):
    passport = a_passport()
    services.sign_out(passport, NOW)
    yield
    house.refused(services.change_profile, passport, Profile(passport.account, "13800001234"), "", HERE, NOW)


@leaves("passport.password_changed", "/passport/password/")
def password_changed(house):
    passport = a_passport()
    yield
    house.post(passport, "/passport/password/", "password", current=PASSWORD, password=NEW, password2=NEW)


@leaves("passport.change_refused", "/passport/password/")
def change_to_the_same_password(house):
    passport = a_passport()
    yield
    house.post(passport, "/passport/password/", "password", current=PASSWORD, password=PASSWORD, password2=PASSWORD)


@leaves("passport.verification_asked", "/passport/")
def verification_asked(house):
    passport = a_passport()
    yield
    house.post(passport, "/passport/")


@leaves("passport.verification_ask_refused", "/passport/")
def verification_asked_of_a_verified_address(house):
    passport = a_passport()
    Passport.objects.update(verified_at=NOW)
    yield
    house.post(passport, "/passport/")


@leaves("passport.verified", "/passport/verify/<str:token>/")
def verified(house):
    passport = a_passport()
    yield
    house.post(None, house.link(Purpose.VERIFY, passport))


@leaves("passport.verification_refused")
def verified_twice_at_once(house):
    passport = a_passport()
    services.verify(passport, NOW)
    yield
    house.refused(services.verify, passport, NOW)


@leaves("passport.privacy_consented", "/passport/privacy/")
def consented(house):
    passport = a_passport()
    Passport.objects.update(privacy_version="2020-1")
    yield
    house.post(passport, "/passport/privacy/", privacy="on", version=services.PRIVACY_VERSION)


@leaves("passport.privacy_refused", "/passport/privacy/")
def consented_to_an_old_notice(house):
    passport = a_passport()
    Passport.objects.update(privacy_version="2020-1")
    yield
    house.post(passport, "/passport/privacy/", privacy="on", version="2020-1")


@leaves("passport.closed", "/passport/close/")
def closed(house):
    passport = a_passport()
    yield
    house.post(passport, "/passport/close/", "close", current=PASSWORD)


@leaves("passport.close_refused", "/passport/close/")
def closed_with_a_registration(house):
    passport = a_candidate(house.stage)
    yield
    house.post(passport, "/passport/close/", "close", current=PASSWORD)


@leaves("passport.disowned", "/passport/disown/<str:token>/")
def disowned(house):
    passport = a_passport()
    yield
    house.post(None, house.link(Purpose.DISOWN, passport))


@leaves("passport.detached", "/passport/disown/<str:token>/")
def detached(house):
    passport = a_candidate(house.stage)
    yield
    house.post(None, house.link(Purpose.DISOWN, passport))


@leaves("passport.disown_refused")
def disowned_twice_at_once(house):
    passport = a_passport()
    registration.disown(passport, NOW)
    yield
    house.refused(registration.disown, passport, NOW)


@leaves("passport.recovery_throttled", "/passport/recover/")
def recovery_asked_too_often(house):
    for _ in range(limits.RECOVER_ADDRESS.limit):
        services.ask_recovery("x@example.com", "192.0.2.7", NOW)
    yield
    services.ask_recovery("x@example.com", "192.0.2.7", NOW)
    house.posted.append("/passport/recover/")


@leaves("passport.recovery_mailed")
def recovery_mailed(house):
    passport = a_passport()
    yield
    services.mail_recovery(passport.account_folded, NOW, passport.id, NOW)


@leaves("passport.recovery_unknown")
def recovery_of_no_account(house):
    passport = a_passport()
    yield
    services.mail_recovery("nobody@example.com", NOW, passport.id, NOW)


def new_password(passport, **changed):
    return {"email": passport.account, "password": NEW, "password2": NEW} | changed


@leaves("passport.reset", "/passport/reset/<str:token>/")
def reset(house):
    passport = a_passport()
    yield
    house.post(None, house.link(Purpose.RESET, passport), **new_password(passport))


@leaves("passport.reset_refused", "/passport/reset/<str:token>/")
def reset_with_another_address(house):
    passport = a_passport()
    yield
    house.post(None, house.link(Purpose.RESET, passport), **new_password(passport, email="other@example.com"))


@leaves("passport.reset_refused", "/passport/reset/<str:token>/")
def reset_to_a_weak_password(house):
    passport = a_passport()
    yield
    weak = {"password": "password1", "password2": "password1"}
    house.post(None, house.link(Purpose.RESET, passport), **new_password(passport, **weak))

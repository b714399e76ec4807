"""`/office/login/`: password and second factor (rule G2), sessions of their own (e7), guessing bounded."""

from datetime import timedelta

import pyotp
import pytest
from django.test import Client

from baokao.core import clock
from baokao.core.models import AuditRow
from baokao.core.verdict import RefusedError
from baokao.passport.models import Role, StaffAccount, StaffRecoveryCode, StaffSession
from baokao.passport.staff import second_factor, services, sessions
from baokao.passport.staff.services import NewStaff
from tests.cast import NOW, a_passport, set_stage
from tests.office.desks import PASSWORD, SECRET, a_staff, at_desk
from tests.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

WRONG = "账号、密码或动态码不正确"


@pytest.fixture(autouse=True)
def _stage():
    set_stage()


def code(moment=None):
    return pyotp.TOTP(SECRET).at(moment or clock.now())


def post(client, staff, **typed):
    given = {"account": staff.account, "password": PASSWORD, "code": code()} | typed
    return client.post("/office/login/", given)


def test_g2_password_and_code_open_the_desk():
    client = Client()
    response = post(client, a_staff())
    assert (response.status_code, response.headers["Location"]) == (302, "/office/")
    cookie = response.cookies[sessions.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/office/", True, "Lax")
    assert "(99301)测试学校机构01" in client.get("/office/").content.decode()


def test_g2_it_leads_on_within_the_office_and_nowhere_else():
    staff = a_staff()
    assert post(Client(), staff, next="/office/account/").headers["Location"] == "/office/account/"
    later = code(clock.now() + timedelta(seconds=30))
    assert post(Client(), staff, next="//evil.example", code=later).headers["Location"] == "/office/"


@pytest.mark.parametrize("typed", [{"password": "wrong"}, {"code": "000000"}, {"account": "nobody@example.com"}])
def test_g2_what_was_wrong_is_not_told(typed):
    page = post(Client(), a_staff(), **typed).content.decode()
    assert page.count(WRONG) == 2  # in the summary and beside the field
    assert not StaffSession.objects.exists()


def test_g2_a_code_opens_the_desk_once():
    staff, same = a_staff(), code()
    assert post(Client(), staff, code=same).status_code == 302
    assert WRONG in post(Client(), staff, code=same).content.decode()


def test_g2_an_earlier_code_opens_nothing_after_a_later_one():
    staff = a_staff()
    assert post(Client(), staff, code=code(clock.now() + timedelta(seconds=30))).status_code == 302
    assert WRONG in post(Client(), staff, code=code()).content.decode()


def test_g2_a_telephone_half_a_minute_out_still_works_and_two_minutes_do_not():
    assert second_factor.step_of(SECRET, code(NOW - timedelta(seconds=30)), NOW) is not None
    assert second_factor.step_of(SECRET, code(NOW - timedelta(seconds=120)), NOW) is None


def test_g2_a_recovery_code_works_once_however_it_is_written():
    given = services.make(
        NewStaff("r@example.com", "李", Role.COORDINATOR, {"school": ["99301"]}), "test", NOW, PASSWORD
    )
    staff = StaffAccount.objects.get(account="r@example.com")
    typed = given.recovery_codes[0].lower().replace("-", " ")
    assert post(Client(), staff, code=typed).status_code == 302
    assert WRONG in post(Client(), staff, code=typed).content.decode()
    assert StaffRecoveryCode.objects.filter(staff=staff, used_at__isnull=False).count() == 1


def test_g2_guessing_is_bounded_and_the_right_code_waits_too():
    staff = a_staff()
    for _ in range(10):
        post(Client(), staff, code="000000")
    assert "登录尝试过于频繁" in post(Client(), staff).content.decode()


def test_e7_a_candidate_is_nobody_at_the_office_and_staff_are_nobody_at_my():
    candidate = signed_in_client(a_passport("both@example.com"))
    assert candidate.get("/office/").headers["Location"].startswith("/office/login/")
    assert at_desk(a_staff()).get("/my/").headers["Location"].startswith("/login/")


def test_e7_a_staff_account_cannot_sign_in_at_the_candidates_page(settings):
    settings.CAPTCHA = "fixed"
    staff = a_staff()
    from baokao.core.captcha import tokens

    typed = {"account": staff.account, "password": PASSWORD, "captcha": "8888", "captcha_token": tokens.issue("login")}
    response = Client().post("/login/", typed)
    assert response.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_e7_signing_in_takes_a_fresh_session_and_ends_the_old_one():
    staff = a_staff()
    client = at_desk(staff)
    before = client.cookies[sessions.COOKIE].value
    post(client, staff)
    assert client.cookies[sessions.COOKIE].value != before
    assert StaffSession.objects.count() == 1


@pytest.mark.parametrize(
    ("opened", "seen"),
    [(sessions.LIFETIME, timedelta(0)), (timedelta(hours=1), sessions.IDLE)],
    ids=["after a working day", "left alone"],
)
def test_e7_a_session_ends(opened, seen):
    client = at_desk(a_staff())
    StaffSession.objects.update(opened_at=clock.now() - opened, seen_at=clock.now() - seen)
    assert client.get("/office/").status_code == 302


def test_e7_a_session_that_is_used_goes_on():
    client = at_desk(a_staff())
    StaffSession.objects.update(seen_at=clock.now() - timedelta(minutes=29))
    assert client.get("/office/").status_code == 200
    assert StaffSession.objects.get().seen_at > clock.now() - timedelta(minutes=1)


def test_e7_a_new_password_ends_every_session():
    staff = a_staff()
    here, there = at_desk(staff), at_desk(staff)
    typed = {"current": PASSWORD, "password": "another long one", "password2": "another long one"}
    assert here.post("/office/account/", typed).headers["Location"] == "/office/login/?changed=1"
    assert there.get("/office/").status_code == 302
    assert post(Client(), staff, password="another long one").status_code == 302


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"current": "wrong"}, "当前密码不正确"),
        ({"password2": "something else"}, "两次输入的密码不一致"),
        ({"password": "short", "password2": "short"}, "密码至少8个字符"),
        ({"password": "password1", "password2": "password1"}, "太常见"),
    ],
)
def test_e7_a_password_is_not_changed_without_what_it_needs(typed, told):
    staff = a_staff()
    given = {"current": PASSWORD, "password": "another long one", "password2": "another long one"} | typed
    assert told in at_desk(staff).post("/office/account/", given).content.decode()
    assert StaffAccount.objects.get(id=staff.id).password == staff.password


@pytest.mark.parametrize(
    ("take", "answer"),
    [
        (lambda staff: StaffAccount.objects.filter(id=staff.id).update(ended_at=clock.now()), 302),
        (lambda staff: StaffAccount.objects.filter(id=staff.id).update(role=Role.AGENT), 404),
        (lambda staff: staff.scopes.all().delete(), 404),
    ],
    ids=["the account", "the role", "the school"],
)
def test_e13_what_is_taken_away_in_the_middle_of_a_session_is_gone_at_once(take, answer):
    staff = a_staff()
    client = at_desk(staff)
    assert client.get("/office/roster/").status_code == 200
    take(staff)
    assert client.get("/office/roster/").status_code == answer


def test_signing_out_ends_this_session_alone():
    staff = a_staff()
    here, there = at_desk(staff), at_desk(staff)
    assert here.post("/office/logout/").headers["Location"] == "/office/login/"
    assert (here.get("/office/").status_code, there.get("/office/").status_code) == (302, 200)


def test_new_recovery_codes_are_shown_once_and_replace_the_old():
    staff = a_staff()
    before = set(StaffRecoveryCode.objects.filter(staff=staff).values_list("id", flat=True))
    client = at_desk(staff)
    page = client.post("/office/account/codes/").content.decode()
    assert page.count("<code>") == second_factor.RECOVERY_CODES
    assert not before & set(StaffRecoveryCode.objects.filter(staff=staff).values_list("id", flat=True))
    assert "<code>" not in client.get("/office/account/").content.decode()


def test_f6_a_refused_sign_in_names_nobody_in_clear():
    post(Client(), a_staff(account="watched@example.com"), password="wrong")
    row = AuditRow.objects.get(action="staff.sign_in_refused")
    assert "watched" not in f"{row.actor}{row.subject}{row.detail}"


@pytest.mark.parametrize("change", [services.renew, services.end])
def test_e7_who_was_just_signing_in_when_the_account_was_renewed_or_ended_gets_no_session(change):
    before = a_staff(account="a@desk.example.com")
    change("a@desk.example.com", "test", NOW)
    with pytest.raises(RefusedError, match=r"staff\.wrong"):
        at_desk(before)
    assert not StaffSession.objects.exists()


def test_e7_a_password_that_was_just_renewed_is_not_changed_by_the_one_before():
    before = a_staff(account="a@desk.example.com")
    given = services.renew("a@desk.example.com", "test", NOW)
    with pytest.raises(RefusedError, match=r"staff\.wrong_current"):
        services.change_password(before, PASSWORD, "another long enough desk", "192.0.2.7", NOW)
    code = pyotp.TOTP(given.totp_secret).at(NOW)
    assert services.sign_in("a@desk.example.com", given.password, code, "192.0.2.7", NOW).id == before.id


@pytest.mark.parametrize(
    ("role", "scopes", "refused"),
    [
        (Role.COORDINATOR, {}, "staff.scope_missing"),
        (Role.COORDINATOR, {"school": ["99301", "99101"]}, "staff.scope_missing"),
        (Role.PROVINCE, {"school": ["99301"]}, "staff.scope_missing"),
        (Role.AGENT, {"school": ["99301"]}, "staff.scope_unfit"),
        (Role.PROVINCE, {"province": ["99"], "campus": ["993010"]}, "staff.scope_unfit"),
        (Role.COORDINATOR, {"school": ["99301"], "campus": ["991010"]}, "staff.scope_foreign"),
    ],
)
def test_g1_a_role_has_its_scope_and_no_other(role, scopes, refused):
    with pytest.raises(RefusedError) as raised:
        services.make(NewStaff("x@example.com", "某", role, scopes), "test", NOW, PASSWORD)
    assert raised.value.first.code == refused
    assert not StaffAccount.objects.exists()


def test_one_account_an_address_whatever_its_case():
    a_staff(account="One@example.com")
    with pytest.raises(RefusedError) as raised:
        a_staff(account="one@EXAMPLE.com")
    assert raised.value.first.code == "staff.taken"

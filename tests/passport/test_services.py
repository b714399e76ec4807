"""Accounts against a real database (rules A1, A4, A6)."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import RequestFactory

from baokao.core.models import AuditRow, OutboxRow
from baokao.core.throttle import Limit
from baokao.core.verdict import RefusedError
from baokao.passport import hashing, limits, services, session
from baokao.passport.models import Passport
from baokao.passport.services import NewPassport
from tests.cast import NOW, PASSWORD, a_passport
from tests.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


def refused(function, *args):
    with pytest.raises(RefusedError) as caught:
        function(*args)
    return [refusal.message for refusal in caught.value.refusals]


def sign_in(account, password=PASSWORD, client="192.0.2.7", now=NOW):
    return services.sign_in(account, password, client, now)


def register(email="yanming@example.com", password=PASSWORD, **more):
    return services.register(NewPassport(email=email, password=password, **more), NOW)


# Registering


def test_a1_the_address_is_stored_as_typed_and_unique_whatever_its_case():
    passport = register("YanMing@Example.com")
    assert passport.account == "YanMing@Example.com"
    assert refused(register, "yanming@EXAMPLE.COM") == ["该电子邮箱已注册，请直接登录或使用“找回密码”。"]


def test_f6_a_taken_address_leaves_one_row_and_no_mail():
    register()
    rows, mails = AuditRow.objects.count(), OutboxRow.objects.count()
    refused(register)
    assert AuditRow.objects.count() == rows + 1
    assert AuditRow.objects.filter(action="passport.register_refused", subject="passport:unknown").count() == 1
    assert OutboxRow.objects.count() == mails


def test_a1_optional_parts_are_kept_sealed():
    passport = register(mobile="13800001234", id_type="6", id_number="993010WW1", name="颜明")
    kept = Passport.objects.get(id=passport.id)
    assert (kept.mobile, kept.id_number, kept.name) == ("13800001234", "993010WW1", "颜明")
    for column in (kept.mobile_sealed, kept.id_number_sealed):
        assert b"13800001234" not in bytes(column)
        assert b"993010WW1" not in bytes(column)


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short77", "密码至少8个字符。"),
        ("password123", "这个密码太常见，容易被猜到，请换一个。"),
        ("YanMing@example.com", "密码不能与电子邮箱相同，请换一个密码。"),
    ],
)
def test_a1_a_weak_password_is_refused_with_its_reason(password, message):
    assert message in refused(register, "yanming@example.com", password)


@pytest.mark.parametrize("password", ["全国大学英语四级", "aaaa bbbb", "ab" * 64, "a b c d e f g"])
def test_a1_no_rule_about_kinds_of_characters(password):
    assert sign_in(register("k@example.com", password).account, password)


def test_a2_the_passport_id_is_32_upper_case_hex_digits():
    number = a_passport().passport_id
    assert len(number) == 32
    assert set(number) <= set("0123456789ABCDEF")


# Signing in


def test_a4_the_right_account_and_password_sign_in_whatever_the_accounts_case():
    passport = register("YanMing@example.com")
    assert sign_in("yanming@EXAMPLE.com").id == passport.id
    assert AuditRow.objects.filter(action="passport.signed_in", actor=f"passport:{passport.id.hex}").count() == 1


def test_a4_a_wrong_account_and_a_wrong_password_are_one_message():
    register()
    assert refused(sign_in, "yanming@example.com", "wrong one") == refused(sign_in, "nobody@example.com", "wrong one")


def test_a4_an_unknown_account_costs_one_hash_like_a_known_one(monkeypatch):
    """Time itself is measured by the benches; here: the same work is done."""
    hashed = []
    real = hashing.check_password
    monkeypatch.setattr(hashing, "check_password", lambda *args: hashed.append(args) or real(*args))
    register()
    for account in ("yanming@example.com", "nobody@example.com"):
        refused(sign_in, account, "wrong one")
    assert len(hashed) == 2


def test_a4_tries_are_throttled_per_account_and_let_in_again_later():
    register()
    for _ in range(10):
        refused(sign_in, "yanming@example.com", "wrong one")
    assert refused(sign_in, "yanming@example.com") == ["该账号尝试登录次数过多，请稍等几分钟再试。"]
    assert sign_in("yanming@example.com", now=NOW + timedelta(minutes=16))


def test_a4_only_failed_tries_count():
    register()
    for _ in range(15):
        assert sign_in("yanming@example.com")
    for _ in range(10):
        assert refused(sign_in, "yanming@example.com", "wrong one") == ["账号或密码错误，请检查后重新输入。"]


def test_a4_a_stranger_elsewhere_does_not_lock_a_person_out():
    register()
    for _ in range(12):
        refused(sign_in, "yanming@example.com", "wrong one", "198.51.100.9")
    assert sign_in("yanming@example.com")


def test_a4_guessing_from_many_addresses_is_bounded_per_account():
    register()
    for n in range(100):
        refused(sign_in, "yanming@example.com", "wrong one", f"198.51.100.{n}")
    assert refused(sign_in, "yanming@example.com", PASSWORD, "203.0.113.5") == [
        "该账号尝试登录次数过多，请稍等几分钟再试。"
    ]


def test_a4_e3_a_campus_behind_one_address_still_gets_in(monkeypatch):
    monkeypatch.setattr(hashing, "matches", lambda password, encoded: password == PASSWORD and bool(encoded))
    monkeypatch.setattr(limits, "SIGN_IN_CLIENT", Limit("login.client", 30, timedelta(minutes=10)))
    passport = register()
    for n in range(40):
        refused(sign_in, f"nobody{n}@example.com", "wrong one")
    assert sign_in("yanming@example.com").id == passport.id


def test_a4_e3_beyond_the_clients_limit_each_wrong_try_weighs_more(monkeypatch):
    monkeypatch.setattr(hashing, "matches", lambda password, encoded: password == PASSWORD and bool(encoded))
    monkeypatch.setattr(limits, "SIGN_IN_CLIENT", Limit("login.client", 30, timedelta(minutes=10)))
    register()
    for n in range(30):
        refused(sign_in, f"nobody{n}@example.com", "wrong one")
    said = [refused(sign_in, "yanming@example.com", "wrong one")[0] for _ in range(4)]
    assert said == ["账号或密码错误，请检查后重新输入。"] * 3 + ["该账号尝试登录次数过多，请稍等几分钟再试。"]


# Sessions


def request_of(passport):
    from django.http import HttpResponse

    response = HttpResponse()
    session.open_for(response, passport)
    request = RequestFactory().get("/my/")
    request.COOKIES = {name: morsel.value for name, morsel in response.cookies.items()}
    return request


def test_a_session_is_its_passports():
    passport = a_passport()
    assert session.passport_of(request_of(passport)).id == passport.id


def test_a6_changing_the_password_the_address_or_the_epoch_ends_the_session():
    for change in ({"password": "another"}, {"account_folded": "other@example.com"}, {"epoch": 1}):
        passport = a_passport()
        request = request_of(passport)
        Passport.objects.filter(id=passport.id).update(**change)
        assert session.passport_of(request) is None


def test_signing_out_ends_every_session():
    passport = a_passport()
    here, there = request_of(passport), request_of(passport)
    services.sign_out(passport, NOW)
    assert session.passport_of(here) is None
    assert session.passport_of(there) is None


@pytest.mark.parametrize(
    "forge",
    [lambda c: c[:-1] + ("B" if c[-1] == "A" else "A"), lambda c: "x" + c, lambda c: "", lambda c: c.replace(":", ".")],
)
def test_e7_a_forged_cookie_is_no_session(forge):
    request = request_of(a_passport())
    request.COOKIES = {name: forge(value) for name, value in request.COOKIES.items()}
    assert session.passport_of(request) is None


def test_e7_a_cookie_is_worth_nothing_for_another_passport():
    mine, other = a_passport(), a_passport()
    request = request_of(mine)
    request.COOKIES = {n: v.replace(mine.id.hex, other.id.hex) for n, v in request.COOKIES.items()}
    assert session.passport_of(request) is None


TWELVE_HOURS, A_LITTLE = timedelta(hours=12), timedelta(seconds=20)


@pytest.mark.parametrize(("old", "alive"), [(TWELVE_HOURS - A_LITTLE, True), (TWELVE_HOURS + A_LITTLE, False)])
def test_e7_a_session_is_over_after_twelve_hours_whatever_happens(monkeypatch, old, alive):
    """The signature's own clock; looking at pages meanwhile renews nothing."""
    passport = a_passport()
    then = time.time() - old.total_seconds()
    with monkeypatch.context() as earlier:
        earlier.setattr("django.core.signing.time", SimpleNamespace(time=lambda: then))
        client = signed_in_client(passport)
    assert (client.get("/passport/").status_code == 200) is alive
    assert settings.SESSION_COOKIE_NAME not in client.get("/passport/").cookies

"""From registering on into the registration, and the consent that a new privacy notice asks for (rules A1, A3, H5)."""

import pytest
from django.test import Client

from baokao.passport import rules
from tests.cast import PASSWORD, a_candidate, a_passport, set_stage
from tests.passport.doing import again, with_captcha, words

pytestmark = pytest.mark.django_db


def sign_in(client, account, **more):
    return client.post("/login/", with_captcha("login", account=account, password=PASSWORD, **more))


def test_a1_registering_leads_to_sign_in_and_on_into_the_registration():
    set_stage()
    client = Client()
    typed = {"email": "new@example.com", "password": PASSWORD, "password2": PASSWORD, "privacy": "on"}
    response = client.post("/passport/register/", with_captcha("register", **typed), follow=True)
    assert "注册成功，请登录" in words(response)
    response = client.post("/login/", with_captcha("login", account="new@example.com", password=PASSWORD), follow=True)
    assert response.redirect_chain == [("/my/", 302)]
    assert "账号信息" in words(response)


def test_a6_from_the_register_page_sign_in_leads_to_the_account_page():
    """The guide, part 二, 4(1): 注册新用户, then 登录, then 修改资料."""
    a_passport("wrong@example.com")
    page = Client().get("/passport/register/").content.decode()
    assert 'href="/login/?next=/passport/"' in page
    assert sign_in(Client(), "wrong@example.com", next="/passport/")["Location"] == "/passport/"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:1"])
def test_d7_sign_in_and_consent_lead_nowhere_else(wanted, signed_in, monkeypatch):
    passport = a_passport("wrong@example.com")
    assert sign_in(Client(), "wrong@example.com", next=wanted)["Location"] == "/my/"
    monkeypatch.setattr(rules, "PRIVACY_VERSION", "2030-1")
    form = {"privacy": "on", "version": "2030-1", "next": wanted}
    assert signed_in(passport).post("/passport/privacy/", form)["Location"] == "/my/"


# 隐私说明已更新


@pytest.fixture
def updated(monkeypatch):
    """A candidate who registered under the notice before, the newer one having come since."""
    passport = a_candidate(set_stage())
    monkeypatch.setattr(rules, "PRIVACY_VERSION", "2030-1")
    return passport


def test_h5_a_new_notice_is_asked_for_at_the_next_sign_in_and_leads_on(updated):
    client = Client()
    response = client.post("/login/", with_captcha("login", account=updated.account, password=PASSWORD), follow=True)
    assert response.redirect_chain == [("/my/", 302), ("/passport/privacy/?next=%2Fmy%2F", 302)]
    assert "您上次同意的是 2026-1 版，现在是 2030-1 版。" in words(response)
    response = client.post("/passport/privacy/", {"privacy": "on", "version": "2030-1", "next": "/my/"}, follow=True)
    assert response.redirect_chain == [("/my/", 302)]
    assert again(updated).privacy_version == "2030-1"


def test_h5_the_box_has_to_be_ticked(updated, signed_in):
    response = signed_in(updated).post("/passport/privacy/", {"version": "2030-1", "next": "/my/written/"})
    assert "请阅读并勾选同意隐私说明。" in words(response)
    assert 'value="/my/written/"' in response.content.decode()
    assert again(updated).privacy_version == "2026-1"


def test_h5_a_notice_that_changed_while_the_page_was_open_is_shown_anew(updated, signed_in):
    response = signed_in(updated).post("/passport/privacy/", {"privacy": "on", "version": "2029-1"})
    assert "隐私说明刚刚更新，请阅读新版本后再同意。" in words(response)
    assert 'value="2030-1"' in response.content.decode()


def test_h5_what_was_just_submitted_is_not_lost_to_a_new_notice(updated, signed_in):
    client = signed_in(updated)
    assert client.post("/my/written/", {"subject": ["1"]})["Location"] == "/my/registration/?saved=1"


def test_h5_who_does_not_consent_can_sign_out(updated, signed_in):
    client = signed_in(updated)
    assert 'formaction="/logout/"' in client.get("/passport/privacy/").content.decode()
    assert client.post("/logout/")["Location"] == "/"


def test_h5_who_has_consented_is_led_on(signed_in):
    assert signed_in(a_passport()).get("/passport/privacy/?next=/passport/")["Location"] == "/passport/"

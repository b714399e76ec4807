"""The link of 验证邮箱 as people and programs open it (rule A3; proof e6)."""

from datetime import timedelta

import pytest
from django.test import Client

from baokao.core import clock
from baokao.passport import links, services
from baokao.passport.links import Purpose
from baokao.passport.services import Profile
from tests.cast import NOW, PASSWORD, a_passport
from tests.passport.doing import CLIENT, actions, again, link, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def passport():
    return a_passport("yan@example.com")


@pytest.fixture
def path(passport):
    return link("verify")


def test_a3_the_page_asks_and_its_button_marks_the_address(path, passport):
    page = Client().get(path)
    assert page.status_code == 200
    assert "yan@example.com" in words(page)
    assert again(passport).verified_at is None
    assert "邮箱验证成功。" in words(Client().post(path))
    assert again(passport).verified_at is not None


def test_a3_the_link_works_signed_in_or_not_and_leads_on(path, passport, signed_in):
    done = signed_in(passport).post(path).content.decode()
    assert 'href="/my/"' in done
    assert 'href="/passport/"' in done
    assert 'href="/login/"' in Client().post(path).content.decode()


def test_e6_a_scanners_look_changes_nothing(path, passport):
    for _ in range(3):
        Client().get(path)
        Client().head(path)
    assert again(passport).verified_at is None
    assert actions(passport) == []
    assert "邮箱验证成功。" in words(Client().post(path))


def test_e6_a_link_is_good_once(path, passport):
    Client().post(path)
    for response in (Client().post(path), Client().get(path)):
        assert response.status_code == 410
        assert "该电子邮箱已经验证过，不必再次验证。" in words(response)
    assert actions(passport) == ["passport.verified"]


def test_e6_a_link_is_over_after_seven_days(path, passport):
    with clock.travel(NOW + timedelta(days=7)):
        response = Client().post(path)
    assert response.status_code == 410
    assert "该链接已超过有效期。" in words(response)
    assert again(passport).verified_at is None


def test_e6_a_link_is_dead_once_the_address_changed(path, passport):
    services.change_profile(passport, Profile("other@example.com", None, "", None), PASSWORD, CLIENT, NOW)
    response = Client().post(path)
    assert response.status_code == 410
    assert "该账号的电子邮箱在发出这封邮件之后已更改，链接已失效。" in words(response)
    assert again(passport).verified_at is None


def test_e6_a_forged_link_names_nobody(path):
    stranger = links.token(Purpose.DISOWN, a_passport(), NOW)
    other = "B" if path[-2] == "A" else "A"
    for forged in (f"{path[:-2]}{other}/", "/passport/verify/x/", f"/passport/verify/{stranger}/"):
        response = Client().post(forged)
        assert response.status_code == 404
        assert "链接无效。" in words(response)
        assert "@example.com" not in words(response)


@pytest.mark.parametrize("kind", ["verify", "disown"])
def test_e6_the_address_of_the_page_is_told_to_nobody(passport, kind, capsys):
    for response in (Client().get(link(kind)), Client().post(link(kind)), Client().get(link(kind))):
        # What a browser understands last holds: the origin at most, never the path.
        assert response["Referrer-Policy"] == "no-referrer, strict-origin"
        assert response["Cache-Control"] == "private, no-store"
    token = link(kind).split("/")[3]
    said = capsys.readouterr()
    assert f"/passport/{kind}/<str:token>/" in said.err
    assert token not in said.err + said.out
    assert token not in Client().get(link(kind)).content.decode(), "no link and no form of the page repeats it"

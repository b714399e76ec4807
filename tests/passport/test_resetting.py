"""重置密码 by a mail's link: once, for two hours, by who reads the address's mails (rules A5, A6; proofs e6, e7)."""

from datetime import timedelta

import pytest
from django.test import Client

from baokao.core import clock
from baokao.core.models import AuditRow
from baokao.core.verdict import RefusedError
from baokao.passport import limits, links, services
from baokao.passport.links import Purpose
from baokao.passport.models import Passport
from tests.cast import NOW, PASSWORD, a_passport
from tests.passport.doing import mails
from tests.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

NEW = "another long enough one"
DEAD = "链接无效、已使用或已过期。"
WRONG = "邮箱名称不正确，请填写收到找回密码邮件的邮箱（即通行证账号）。"


@pytest.fixture
def passport():
    return a_passport("YanMing@example.com")


def link(passport, at=None):
    return f"/passport/reset/{links.token(Purpose.RESET, passport, at or clock.now())}/"


def submit(address, email="yanming@example.com", password=NEW, again=None, client=None):
    form = {"email": email, "password": password, "password2": password if again is None else again}
    return (client or Client()).post(address, form)


def works(password):
    try:
        return bool(services.sign_in("yanming@example.com", password, "192.0.2.7", NOW))
    except RefusedError:
        return False


def actions():
    found = AuditRow.objects.filter(action__startswith="passport.reset").order_by("action")
    return list(found.values_list("action", flat=True))


def test_a5_the_link_gives_a_new_password_and_leads_on_to_the_sign_in_page(passport):
    response = submit(link(passport))
    assert response.headers["Location"].startswith("/login/")
    assert "修改密码成功" in Client().get(response.headers["Location"]).content.decode()
    assert works(NEW)
    assert not works(PASSWORD)
    assert actions() == ["passport.reset"]
    assert len(mails("passport/reset_done")) == 1, "the address is told"


def test_a5_e6_a_link_works_once(passport):
    address = link(passport)
    assert submit(address).status_code == 302
    again = submit(address, password="yet another long one")
    assert again.status_code == 404
    assert DEAD in again.content.decode()
    assert works(NEW)


def test_a5_e6_a_link_works_for_two_hours(passport):
    address = link(passport)
    with clock.travel(clock.now() + timedelta(hours=2)):
        assert DEAD in submit(address).content.decode()
    assert not works(NEW)
    with clock.travel(clock.now() + timedelta(hours=2, seconds=-5)):
        assert submit(address).status_code == 302


@pytest.mark.parametrize(
    "change", [{"password": "!"}, {"account": "other@example.com", "account_folded": "other@example.com"}]
)
def test_a5_e6_a_link_is_dead_after_password_or_address_changed(passport, change):
    address = link(passport)
    Passport.objects.filter(id=passport.id).update(**change)
    for email in ("yanming@example.com", "other@example.com"):
        assert DEAD in submit(address, email=email).content.decode()


def test_a5_e6_of_two_links_the_second_dies_with_the_first(passport):
    first, second = link(passport), link(passport, clock.now() + timedelta(seconds=1))
    assert submit(second).status_code == 302
    assert DEAD in submit(first).content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a5_e6_a_mail_scanner_that_opens_the_link_changes_nothing(passport, method):
    address = link(passport)
    before = Passport.objects.values().get()
    for _ in range(3):
        assert getattr(Client(), method)(address).status_code == 200
    assert Passport.objects.values().get() == before
    assert not AuditRow.objects.filter(action__startswith="passport.reset").exists()
    assert submit(address).status_code == 302


def test_a5_e6_the_address_of_the_page_is_told_to_nobody(passport):
    for address in (link(passport), "/passport/reset/nothing/"):
        response = Client().get(address)
        assert response.headers["Referrer-Policy"] == "no-referrer, strict-origin"
        assert "no-store" in response.headers["Cache-Control"]
        assert not [part for part in ('src="http', 'href="http', "url(http") if part in response.content.decode()]


def test_a5_e6_the_link_stands_in_no_log(passport, capfd):
    address = link(passport)
    Client().get(address)
    submit(address)
    logged = capfd.readouterr().err
    assert "/passport/reset/<str:token>/" in logged
    assert address.split("/")[3] not in logged
    assert "yanming" not in logged.lower()


@pytest.mark.parametrize("email", ["somebody@example.com", "yanming@example.org"])
def test_a5_another_address_is_refused_with_one_message(passport, email):
    a_passport("somebody@example.com")
    response = submit(link(passport), email=email)
    assert WRONG in response.content.decode()
    assert f'value="{email}"' in response.content.decode(), "nothing typed is lost but passwords"
    assert works(PASSWORD)
    assert actions() == ["passport.reset_refused"]


def test_a5_e4_guessing_the_address_of_a_link_is_bounded(passport):
    address = link(passport)
    for number in range(limits.RESET_PASSPORT.limit):
        assert WRONG in submit(address, email=f"guess{number}@example.com").content.decode()
    assert "填写次数过多" in submit(address).content.decode()
    assert works(PASSWORD)


def test_a1_a_weak_password_is_refused_and_the_link_lives_on(passport):
    address = link(passport)
    assert "密码至少8个字符。" in submit(address, password="short77").content.decode()
    assert "密码不能与电子邮箱相同，请换一个密码。" in submit(address, password="YANMING@example.com").content.decode()
    assert "两次输入的新密码不一致，请重新输入。" in submit(address, again="something else").content.decode()
    assert submit(address).status_code == 302


def test_a6_e7_every_session_of_the_passport_ends(passport):
    here, other = signed_in_client(passport), signed_in_client(a_passport())
    from tests.cast import set_stage

    set_stage()
    assert here.get("/my/").status_code == 200
    assert submit(link(passport)).status_code == 302
    assert here.get("/my/").status_code == 302
    assert other.get("/my/").status_code == 200


def test_a3_using_the_link_shows_that_the_address_is_its_owners(passport):
    assert passport.verified_at is None
    submit(link(passport))
    first = Passport.objects.get().verified_at
    assert first is not None
    submit(link(Passport.objects.get()), password="yet another long one")
    assert Passport.objects.get().verified_at == first


def test_a4_wrong_tries_to_sign_in_are_forgotten_with_the_old_password(passport):
    for _ in range(limits.SIGN_IN_HERE.limit):
        assert not works("wrong")
    assert not works(PASSWORD)
    services.reset_password(links.token(Purpose.RESET, passport, NOW), passport.account, NEW, "192.0.2.7", NOW)
    assert works(NEW)


def test_a5_another_purposes_link_and_a_forged_one_open_nothing(passport):
    token = links.token(Purpose.VERIFY, passport, clock.now())
    for forged in (token, links.token(Purpose.RESET, passport, clock.now())[:-1], "x" * 300):
        response = submit(f"/passport/reset/{forged}/")
        assert response.status_code == 404
        assert "重新找回密码" in response.content.decode()
    assert works(PASSWORD)

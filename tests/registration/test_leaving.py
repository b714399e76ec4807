"""注销账号 and 这不是我注册的账号, against a real database and as pages (rules A2, A3, H5; proofs e6, e8)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from baokao.core import clock
from baokao.core.models import AuditRow
from baokao.passport import links, queries
from baokao.passport import services as passports
from baokao.passport.links import Purpose
from baokao.passport.models import Passport
from baokao.passport.services import NewPassport, Profile
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from baokao.registration.services import Left
from tests.cast import NOW, PASSWORD, SITTING, a_candidate, a_passport, a_record, agreed, set_stage
from tests.passport.doing import CLIENT, actions, again, link, mails, refused, text, with_captcha, words
from tests.registration.doing import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return set_stage()


@pytest.fixture
def passport():
    return passports.register(NewPassport("Yan@example.com", PASSWORD, "13800001234", "6", "993010WW1", "颜明"), NOW)


def close(passport, password=PASSWORD):
    return services.close_account(passport, password, CLIENT, NOW)


def held_by(passport):
    return Registration.objects.filter(passport=passport, state="live").count()


# 注销账号


def test_h5_an_account_that_ends_keeps_nothing_of_its_person(passport):
    close(passport)
    kept = again(passport)
    assert kept.ended_at == NOW
    assert (kept.account, kept.name, kept.id_type, kept.verified_at, kept.recoverable) == ("", "", "", None, False)
    assert (kept.mobile_sealed, kept.mobile_digest, kept.id_number_sealed, kept.id_number_digest) == (None,) * 4
    row = " ".join(str(value) for value in Passport.objects.filter(id=passport.id).values_list()[0])
    assert "yan@example.com" not in row.lower()
    assert actions(passport) == ["passport.closed"]


def test_a2_its_address_is_free_and_its_owner_is_told(passport):
    close(passport)
    [told] = mails("passport/closed")
    assert told["to"] == "Yan@example.com"
    assert "注销" in text(told)
    assert a_passport("yan@EXAMPLE.com").id != passport.id


def test_a2_its_password_and_sessions_are_over(passport, signed_in):
    client = signed_in(passport)
    close(passport)
    assert refused(passports.sign_in, "yan@example.com", PASSWORD, CLIENT, NOW)
    assert refused(passports.sign_in, again(passport).account_folded, PASSWORD, CLIENT, NOW)
    assert client.get("/passport/")["Location"].startswith("/login/")
    assert queries.by_id(passport.id) is None


def test_a2_with_a_live_registration_it_is_refused(stage):
    passport = a_candidate(stage)
    assert refused(close, passport) == ["该账号有报名信息，不能注销。"]
    assert again(passport).ended_at is None
    assert actions(passport)[-1] == "passport.close_refused"
    services.end_registration(passport.id, SITTING, NOW)
    close(passport)
    assert again(passport).ended_at == NOW


@pytest.mark.parametrize("what", ["wrong password", "session ended"])
def test_a2_it_takes_the_password_and_a_session(passport, what):
    if what == "wrong password":
        assert refused(close, passport, "wrong one") == ["当前密码错误，请重新输入。"]
    else:
        passports.sign_out(passport, NOW)
        assert refused(close, passport) == ["登录已失效，请重新登录。"]
    assert again(passport).ended_at is None
    assert len(actions(passport)) == (1 if what == "wrong password" else 2)


def test_b7_an_account_that_has_ended_saves_no_registration(stage):
    passport = agreed(a_passport())
    record = a_record(stage)
    close(passport)
    assert refused(services.save_registration, passport.id, record.id, NOW) == [
        "该通行证账号已注销，不能保存报名信息。"
    ]
    assert held_by(passport) == 0


def test_a2_the_page_says_what_will_happen_and_the_home_page_that_it_is_done(stage, passport, signed_in):
    client = signed_in(passport)
    said = words(client.get("/passport/close/"))
    assert "账号立即注销，所有设备上的登录全部退出，不能恢复。" in said
    response = client.post("/passport/close/", with_captcha("close", current=PASSWORD))
    assert response["Location"] == "/?closed=1"
    assert response.cookies[settings.SESSION_COOKIE_NAME].value == ""
    home = client.get("/?closed=1")
    assert "账号已注销。" in words(home)
    assert "public" in home["Cache-Control"], "nothing personal is on it"
    assert "账号已注销。" not in words(client.get("/"))


@pytest.mark.parametrize(
    ("typed", "said"), [({"current": ""}, "请输入当前密码。"), ({"current": "wrong one"}, "当前密码错误，请重新输入。")]
)
def test_h3_a_refused_end_says_why(passport, signed_in, typed, said):
    response = signed_in(passport).post("/passport/close/", with_captcha("close", **typed))
    assert said in words(response)
    assert words(response).startswith("错误：注销账号")


def test_h3_with_a_registration_the_pages_say_what_to_do_first(stage, signed_in):
    passport = a_candidate(stage)
    client = signed_in(passport)
    for path in ("/passport/", "/passport/close/"):
        said = words(client.get(path)).replace(" ", "")
        assert "2026年下半年CET考试有报名信息，不能注销。请先取消报名信息。" in said
    assert "disabled>注销账号</button>" in client.get("/passport/").content.decode()
    assert 'name="current"' not in client.get("/passport/close/").content.decode()
    enter(passport, "1")
    assert "请先在“笔试报考”中取消未支付的科目，再取消报名信息。" in words(client.get("/passport/"))
    Entry.objects.update(state="paid")
    assert "已支付的科目和已结束的考次须按规定保存" in words(client.get("/passport/"))


# 这不是我注册的账号


def test_a3_without_a_registration_the_account_ends(passport):
    assert services.disown(passport, NOW) == Left.ENDED
    assert again(passport).ended_at == NOW
    assert actions(passport) == ["passport.disowned"]
    assert mails("passport/closed") == [], "who pressed the button has read it on the page"


def test_e8_the_owner_can_register_the_address_that_a_stranger_registered_first(passport):
    path = link("disown")
    page = words(Client().get(path))
    assert "确认后，该账号立即注销，不能恢复；您的邮箱不再与任何账号关联，可以用来注册。" in page
    done = words(Client().post(path))
    assert "账号已注销。" in done
    assert "注册通行证" in done
    owner = passports.register(NewPassport("yan@example.com", "the owners own one"), NOW)
    assert passports.sign_in("yan@example.com", "the owners own one", CLIENT, NOW).id == owner.id
    assert refused(passports.sign_in, "yan@example.com", PASSWORD, CLIENT, NOW)


def test_e8_a_strangers_session_is_over_when_the_owner_comes(passport, signed_in):
    client = signed_in(passport)
    Client().post(link("disown"))
    assert client.get("/my/")["Location"].startswith("/login/")
    a_passport("yan@example.com")
    assert client.get("/my/")["Location"].startswith("/login/")


def test_a3_with_a_registration_the_address_is_detached_from_recovery(stage, signed_in):
    passport = a_candidate(stage)
    passports.verify(passport, NOW)
    path = link("disown")
    assert "并已保存考试报名信息，因此不能直接注销。" in words(Client().get(path))
    assert "已停止向您的邮箱发送找回密码的邮件。" in words(Client().post(path))
    kept = again(passport)
    assert (kept.recoverable, kept.ended_at, kept.verified_at) == (False, None, None)
    assert held_by(passport) == 1
    assert actions(passport)[-1] == "passport.detached"
    assert "请更改电子邮箱。" in words(signed_in(passport).get("/my/"))


def test_a3_a_change_of_address_after_it_makes_the_account_recoverable_again(stage):
    passport = a_candidate(stage)
    services.disown(passport, NOW)
    moved = passports.change_profile(
        again(passport), Profile("right@example.com", None, "", None), PASSWORD, CLIENT, NOW
    )
    assert again(moved).recoverable


def test_a3_the_first_mail_to_a_changed_address_carries_the_way_out_too(passport):
    passports.change_profile(passport, Profile("stranger@example.com", None, "6", None), PASSWORD, CLIENT, NOW)
    assert mails("passport/verify")[-1]["to"] == "stranger@example.com"
    assert "账号已注销。" in words(Client().post(link("disown")))
    assert again(passport).ended_at is not None


def test_e6_a_scanners_look_disowns_nothing(passport):
    path = link("disown")
    for _ in range(3):
        Client().get(path)
        Client().head(path)
    assert actions(passport) == []
    assert again(passport).recoverable
    assert "账号已注销。" in words(Client().post(path))


@pytest.mark.parametrize("registered", [False, True])
def test_e6_the_link_is_good_once(stage, registered):
    passport = a_candidate(stage) if registered else a_passport()
    path = link("disown")
    Client().post(path)
    before = again(passport)
    for response in (Client().post(path), Client().get(path)):
        assert response.status_code == 410
        said = "该链接已经使用过，不再向这个邮箱发送找回密码的邮件。" if registered else "该账号已经注销，链接已失效。"
        assert said in words(response)
    assert again(passport).epoch == before.epoch


def test_e6_a_link_that_was_read_before_and_pressed_after_is_refused_by_the_service(passport):
    found = links.look(Purpose.DISOWN, link("disown").split("/")[3], NOW).passport
    passports.change_profile(passport, Profile("other@example.com", None, "6", None), PASSWORD, CLIENT, NOW)
    assert refused(services.disown, found, NOW) == ["该链接已经使用过。"]
    assert again(passport).ended_at is None
    assert actions(passport)[-1] == "passport.disown_refused"


def test_e6_over_changed_and_forged_links_say_so(passport):
    path = link("disown")
    with clock.travel(NOW + timedelta(days=180)):
        assert "该链接已超过有效期。" in words(Client().post(path))
    assert Client().post("/passport/disown/x/").status_code == 404
    assert Client().post(link("verify").replace("verify", "disown")).status_code == 404
    passports.change_profile(passport, Profile("other@example.com", None, "6", None), PASSWORD, CLIENT, NOW)
    assert "该账号已经不再使用这个邮箱，链接已失效。" in words(Client().post(path))
    assert again(passport).ended_at is None


@pytest.mark.parametrize("kind", ["verify", "disown"])
def test_e14_a_links_button_is_not_pressed_from_elsewhere(passport, kind):
    assert Client(enforce_csrf_checks=True).post(link(kind)).status_code == 403
    assert actions(passport) == []


def test_f6_each_end_leaves_one_row(passport):
    rows = AuditRow.objects.count()
    close(passport)
    assert AuditRow.objects.count() == rows + 1

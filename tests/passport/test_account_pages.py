"""The pages of an account: 账号信息, 修改资料, 修改密码 (rules A2, A6, H2, H3; proofs e7, e13, e14)."""

import pytest
from django.conf import settings
from django.test import Client

from baokao.passport import services, session
from baokao.passport.models import Passport
from baokao.passport.services import NewPassport
from tests.cast import NOW, PASSWORD, a_passport
from tests.passport.doing import actions, again, mails, values, with_captcha, words

pytestmark = pytest.mark.django_db

NUMBER, MOBILE = "330101199001010000", "13800001234"


@pytest.fixture
def passport():
    return services.register(NewPassport("wrong@example.com", PASSWORD, MOBILE, "1", NUMBER, "颜明"), NOW)


@pytest.fixture
def here(passport, signed_in):
    return signed_in(passport)


def edit(client, **typed):
    """Submit 修改资料 as a browser does: what the page shows, with these fields changed."""
    shown = values(client.get("/passport/edit/"))
    fields = {name: shown[name] for name in ("email", "mobile", "id_number", "name")} | {"id_type": "1", "current": ""}
    return client.post("/passport/edit/", with_captcha("profile", **(fields | typed)))


def change_password(client, current=PASSWORD, password="another long one", again="", **more):
    fields = {"current": current, "password": password, "password2": again or password} | more
    return client.post("/passport/password/", with_captcha("password", **fields))


def is_open(client):
    return client.get("/passport/").status_code == 200


# 账号信息


def test_a2_the_account_page_shows_what_the_account_says(here, passport):
    said = words(here.get("/passport/"))
    for part in (
        f"通行证ID: {passport.passport_id}", "电子邮箱: wrong@example.com 未验证 验证邮箱", "手机: 138****1234",
        "证件类型: 中华人民共和国居民身份证", "证件号: 330***000", "姓名: 颜明", "修改资料 修改密码", "注销账号",
        "进入报名",
    ):  # fmt: skip
        assert part in said


def test_h2_number_and_mobile_are_shown_whole_nowhere(here):
    for path in ("/passport/", "/passport/edit/", "/passport/password/", "/passport/close/"):
        page = here.get(path).content.decode()
        assert NUMBER not in page
        assert MOBILE not in page


def test_a3_the_button_sends_the_mail_and_says_where_it_went_and_for_how_long(here):
    response = here.post("/passport/", follow=True)
    assert "验证邮件已发到 wrong@example.com ，请在 7 天内打开邮件中的链接。" in words(response)
    assert mails("passport/verify")[-1]["to"] == "wrong@example.com"


def test_a3_asked_too_often_the_page_says_what_to_do(here):
    for _ in range(5):
        here.post("/passport/")
    said = words(here.post("/passport/"))
    assert said.startswith("错误：账号信息")
    assert "验证邮件发送过于频繁，请一小时后再试。邮件可能有延迟，请先查看收件箱和垃圾邮件箱。" in said


def test_a2_a_verified_address_shows_no_button(here, passport):
    services.verify(passport, NOW)
    said = words(here.get("/passport/"))
    assert "已验证" in said
    assert "验证邮箱" not in said


def test_a3_a_disowned_address_is_named_as_to_be_changed(here, passport):
    Passport.objects.filter(id=passport.id).update(recoverable=False)
    assert "请更改电子邮箱。" in words(here.get("/passport/"))


# 修改资料


def test_a6_the_right_address_leads_to_the_account_page(here, passport):
    response = edit(here, email="right@example.com", current=PASSWORD)
    assert response["Location"] == "/passport/?moved=1"
    said = words(here.get(response["Location"]))
    assert "修改成功 ，今后请用新的电子邮箱登录。验证邮件已发到 right@example.com" in said
    assert "电子邮箱: right@example.com 未验证 验证邮箱" in said


def test_a2_what_was_shown_masked_and_left_stays(here, passport):
    assert edit(here, name="颜 明")["Location"] == "/passport/?changed=1"
    kept = again(passport)
    assert (kept.name, kept.mobile, kept.id_number) == ("颜 明", MOBILE, NUMBER)


def test_a2_optional_fields_can_be_emptied(here, passport):
    edit(here, mobile="", id_number="", id_type="", name="")
    kept = again(passport)
    assert (kept.name, kept.mobile, kept.id_number, kept.id_type) == ("", "", "", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "right@example.com"}, "更改电子邮箱，请输入当前密码。"),
        ({"email": "right@example.com", "current": "wrong one"}, "当前密码错误，请重新输入。"),
        ({"email": "taken@example.com", "current": PASSWORD}, "该电子邮箱已注册，请直接登录或使用“找回密码”。"),
        ({"email": "no address"}, "电子邮箱的格式不正确，例如 name@example.com。"),
        ({"email": ""}, "请输入电子邮箱。"),
        ({"mobile": "139****0000"}, "手机号码的格式不正确，请填写8到15位数字，或留空。"),
        ({"id_number": "330***111"}, "请填写完整的证件号；不修改的，请保留原来显示的内容；也可以清空。"),
    ],
)
def test_h3_a_refused_profile_keeps_what_was_typed_and_changes_nothing(here, passport, typed, said):
    a_passport("taken@example.com")
    response = edit(here, name="颜明明", **typed)
    assert words(response).startswith("错误：修改资料")
    assert said in words(response)
    shown = values(response)
    assert shown["name"] == "颜明明"
    assert all(shown[name] == value for name, value in typed.items() if name != "current")
    assert shown["current"] == ""
    assert again(passport).name == "颜明"
    assert again(passport).account == "wrong@example.com"


def test_a6_the_captcha_is_asked_for(here, passport):
    fields = with_captcha("profile", email="right@example.com", current=PASSWORD) | {"captcha": "1111"}
    assert "验证码错误，请按新图片重新输入" in words(here.post("/passport/edit/", fields))
    assert again(passport).account == "wrong@example.com"
    # One solved for another form opens nothing here (e5).
    fields = with_captcha("login", email="right@example.com", current=PASSWORD)
    assert "验证码错误，请按新图片重新输入" in words(here.post("/passport/edit/", fields))


def test_a_new_captcha_without_javascript_keeps_what_was_typed(here):
    shown = values(here.post("/passport/edit/", {"email": "right@example.com", "name": "", "fresh": "1"}))
    assert (shown["email"], shown["name"]) == ("right@example.com", "")


# 修改密码


def test_a6_the_password_is_changed_and_the_page_says_so(here):
    assert "修改密码成功" in words(here.get(change_password(here)["Location"]))
    assert services.sign_in("wrong@example.com", "another long one", "192.0.2.7", NOW)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"current": "wrong one"}, "当前密码错误，请重新输入。"),
        ({"password": "short77"}, "密码至少8个字符。"),
        ({"again": "not the same"}, "两次输入的密码不一致，请重新输入。"),
        ({"current": ""}, "请输入当前密码。"),
    ],
)
def test_h3_a_refused_password_says_why_and_shows_no_password_again(here, passport, typed, said):
    response = change_password(here, **typed)
    assert said in words(response)
    assert words(response).startswith("错误：修改密码")
    shown = values(response)
    assert (shown["current"], shown["password"], shown["password2"]) == ("", "", "")
    assert again(passport).password == passport.password


# Sessions (e7)


@pytest.mark.parametrize(
    "change", [lambda client: edit(client, email="right@example.com", current=PASSWORD), change_password]
)
def test_e7_every_other_session_ends_and_this_one_goes_on(passport, signed_in, change):
    here, elsewhere = signed_in(passport), signed_in(passport)
    old = here.cookies[settings.SESSION_COOKIE_NAME].value
    change(here)
    assert is_open(here)
    assert not is_open(elsewhere)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = old
    assert not is_open(stolen)


def test_e7_what_a_person_told_ends_no_session(passport, signed_in):
    here, elsewhere = signed_in(passport), signed_in(passport)
    edit(here, name="颜 明")
    assert is_open(here)
    assert is_open(elsewhere)


def test_e7_a_session_that_ends_under_the_form_leads_to_the_sign_in_page(here, passport, monkeypatch):
    """The session was read when the request began; another browser signs out before the service writes."""
    fields = with_captcha("password", current=PASSWORD, password="another long one", password2="another long one")
    read = session.passport_of

    def read_and_sign_out(request):
        found = read(request)
        services.sign_out(passport, NOW)
        return found

    monkeypatch.setattr(session, "passport_of", read_and_sign_out)
    assert here.post("/passport/password/", fields)["Location"] == "/login/"
    assert again(passport).password == passport.password


def test_e7_signing_in_replaces_whatever_session_the_browser_brought(passport):
    stranger, client = a_passport(), Client()
    planted = session_cookie(stranger)
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    client.post("/login/", with_captcha("login", account="wrong@example.com", password=PASSWORD))
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert "wrong@example.com" in words(client.get("/passport/"))


def session_cookie(passport):
    from django.http import HttpResponse

    response = HttpResponse()
    session.open_for(response, passport)
    return response.cookies[settings.SESSION_COOKIE_NAME].value


# Mass assignment (e13)


EXTRA = {
    "id": "00000000-0000-4000-8000-000000000000", "epoch": "77", "verified_at": "2020-01-01", "ended_at": "2020-01-01",
    "recoverable": "", "account": "evil@example.com", "account_folded": "evil@example.com", "privacy_version": "x",
    "registered_at": "2020-01-01", "passport": "x", "id_number_digest": "x", "password_hash": "x", "is_staff": "1",
}  # fmt: skip
KEPT = [field.attname for field in Passport._meta.concrete_fields]


@pytest.mark.parametrize(
    ("path", "purpose", "typed", "may_change"),
    [
        ("/passport/edit/", "profile", {"email": "wrong@example.com", "name": "颜明明", "password": "x"}, {"name"}),
        (
            "/passport/password/",
            "password",
            {"current": PASSWORD, "password": "another long one", "password2": "another long one"},
            {"password"},
        ),
    ],
)
def test_e13_fields_that_the_form_does_not_have_change_nothing(here, passport, path, purpose, typed, may_change):
    before = {name: getattr(again(passport), name) for name in KEPT}
    left = {"mobile": "138****1234", "id_number": "330***000", "id_type": "1"} if purpose == "profile" else {}
    assert here.post(path, with_captcha(purpose, **(EXTRA | left | typed))).status_code == 302
    after = {name: getattr(again(passport), name) for name in KEPT}
    # A new password raises the epoch by one, not to what was posted.
    before["epoch"] += "password" in may_change
    assert {name for name in KEPT if before[name] != after[name]} == may_change


def test_e13_registering_takes_nothing_but_its_own_fields():
    typed = {"email": "new@example.com", "password": PASSWORD, "password2": PASSWORD, "privacy": "on"}
    Client().post("/passport/register/", with_captcha("register", **(EXTRA | typed)))
    made = Passport.objects.get(account="new@example.com")
    assert (made.epoch, made.verified_at, made.ended_at, made.recoverable) == (0, None, None, True)
    assert made.id.hex != EXTRA["id"].replace("-", "")
    assert made.privacy_version == services.PRIVACY_VERSION


# Without a token, and without a session (e14)


@pytest.mark.parametrize("path", ["/passport/", "/passport/edit/", "/passport/password/", "/passport/privacy/"])
def test_e14_nothing_is_taken_without_the_forms_token(passport, path):
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_cookie(passport)
    fields = with_captcha("password", current=PASSWORD, password="another long one", password2="another long one")
    assert client.post(path, fields).status_code == 403
    assert actions(passport) == []


@pytest.mark.parametrize("path", ["/passport/", "/passport/edit/", "/passport/password/", "/passport/close/"])
def test_e14_looking_changes_nothing(here, passport, path):
    before = Passport.objects.filter(id=passport.id).values().get()
    here.get(path)
    here.head(path)
    assert Passport.objects.filter(id=passport.id).values().get() == before
    assert actions(passport) == []
    assert len(mails()) == 1, "only the mail of registering"

"""修改资料 and 修改密码 against a real database (rules A1, A6)."""

from datetime import timedelta

import pytest

from baokao.core.models import AuditRow
from baokao.passport import services
from baokao.passport.models import Passport
from baokao.passport.services import NewPassport, Profile
from tests.cast import NOW, PASSWORD, a_passport
from tests.passport.doing import CLIENT, actions, again, mails, refused, text

pytestmark = pytest.mark.django_db

NEW = "right@example.com"


@pytest.fixture
def passport():
    new = NewPassport("wrong@example.com", PASSWORD, "13800001234", "6", "993010WW1", "颜明")
    return services.register(new, NOW)


def profile(email="wrong@example.com", mobile=None, id_type="6", id_number=None, name="颜明"):
    return Profile(email, mobile, id_type, id_number, name)


def change(passport, current="", now=NOW, **wanted):
    return services.change_profile(passport, profile(**wanted), current, CLIENT, now)


def move(passport, email=NEW, current=PASSWORD, now=NOW):
    return change(passport, current, now, email=email)


def change_password(passport, current=PASSWORD, password="another long one"):
    return services.change_password(passport, current, password, CLIENT, NOW)


# What a person told


def test_a2_what_a_person_told_is_changed_without_the_password_and_ends_no_session(passport):
    change(passport, mobile="13900005678", id_type="4", id_number="E12345678", name="颜 明")
    kept = again(passport)
    assert (kept.mobile, kept.id_type, kept.id_number, kept.name) == ("13900005678", "4", "E12345678", "颜 明")
    assert kept.epoch == passport.epoch
    assert actions(passport) == ["passport.profile_changed"]
    assert AuditRow.objects.get(action="passport.profile_changed").detail == {
        "parts": ["mobile", "id_type", "id_number", "name"]
    }


def test_a2_what_a_person_told_can_be_emptied(passport):
    change(passport, mobile="", id_type="", id_number="", name="")
    kept = again(passport)
    assert (kept.mobile, kept.id_type, kept.id_number, kept.name) == ("", "", "", "")
    assert (kept.mobile_sealed, kept.mobile_digest, kept.id_number_sealed, kept.id_number_digest) == (None,) * 4


def test_a2_what_is_shown_masked_stays_as_it_is(passport):
    change(passport, name="颜")
    kept = again(passport)
    assert (kept.mobile, kept.id_number, kept.name) == ("13800001234", "993010WW1", "颜")


def test_a2_submitting_an_unchanged_profile_writes_nothing(passport):
    assert change(passport) == passport
    assert change(passport, mobile="13800001234", id_number="993010WW1") == passport
    assert actions(passport) == []


# Another address


def test_a6_another_address_is_unverified_recoverable_and_ends_every_session(passport):
    Passport.objects.filter(id=passport.id).update(verified_at=NOW, recoverable=False)
    move(again(passport))
    kept = again(passport)
    assert (kept.account, kept.account_folded, kept.verified_at, kept.recoverable) == (NEW, NEW, None, True)
    assert kept.epoch == passport.epoch + 1
    assert actions(passport) == ["passport.address_changed"]
    assert services.sign_in(NEW, PASSWORD, CLIENT, NOW).id == passport.id


def test_a6_the_old_address_is_told_how_to_get_help_and_nothing_about_the_person(passport):
    move(passport)
    [told] = mails("passport/address_changed")
    assert told["to"] == "wrong@example.com"
    said = text(told)
    for part in ("r***@example.com", passport.passport_id, "010-62987880", "http://localhost:"):
        assert part in said
    for part in (NEW, "颜明", "993010WW1", "13800001234"):
        assert part not in said


def test_a3_the_new_address_gets_its_first_mail_with_both_links(passport):
    move(passport)
    told = mails("passport/verify")[-1]
    assert told["to"] == NEW
    assert "验证邮箱：\n教育网用户：http" in text(told)
    assert "这不是我注册的账号：\n教育网用户：http" in text(told)


def test_a6_another_address_asks_for_the_current_password(passport):
    assert refused(move, passport, NEW, "") == ["更改电子邮箱，请输入当前密码。"]
    assert refused(move, passport, NEW, "wrong one") == ["当前密码错误，请重新输入。"]
    assert again(passport).account == "wrong@example.com"
    assert actions(passport) == ["passport.change_refused", "passport.current_password_refused"]


def test_a1_a_taken_address_is_refused_in_the_words_of_registering(passport):
    a_passport("Taken@example.com")
    assert refused(move, passport, "taken@EXAMPLE.com") == ["该电子邮箱已注册，请直接登录或使用“找回密码”。"]
    assert again(passport).account == "wrong@example.com"
    assert mails("passport/address_changed") == []
    assert actions(passport) == ["passport.change_refused"]


def test_a1_the_own_address_in_another_letter_case_is_not_taken(passport):
    move(passport, "Wrong@example.com")
    assert again(passport).account == "Wrong@example.com"


def test_a1_the_new_address_is_not_the_password(passport):
    password = "right@example.com"
    passport = change_password(passport, PASSWORD, password)
    assert refused(move, passport, NEW, password) == ["密码不能与电子邮箱相同，请先修改密码，再更改电子邮箱。"]


def test_a6_trying_addresses_is_bounded(passport):
    a_passport("taken@example.com")
    for _ in range(5):
        assert refused(move, passport, "taken@example.com") == ["该电子邮箱已注册，请直接登录或使用“找回密码”。"]
    assert refused(move, passport, "free@example.com") == ["更改电子邮箱过于频繁，请一小时后再试。"]
    assert move(passport, "free@example.com", now=NOW + timedelta(hours=1))


def test_a6_a_session_that_ended_changes_nothing(passport):
    services.sign_out(passport, NOW)
    for attempt in (lambda: change(passport, name="别人"), lambda: move(passport), lambda: change_password(passport)):
        assert refused(attempt) == ["登录已失效，请重新登录。"]
    assert again(passport).account == "wrong@example.com"
    assert again(passport).name == "颜明"


# Another password


def test_a6_another_password_ends_every_session_and_the_address_is_told(passport):
    change_password(passport)
    assert again(passport).epoch == passport.epoch + 1
    assert services.sign_in("wrong@example.com", "another long one", CLIENT, NOW).id == passport.id
    assert refused(services.sign_in, "wrong@example.com", PASSWORD, CLIENT, NOW)
    [told] = mails("passport/password_changed")
    assert told["to"] == "wrong@example.com"
    assert "010-62987880" in text(told)
    assert "another long one" not in text(told)
    assert actions(passport)[0] == "passport.password_changed"


@pytest.mark.parametrize(
    ("current", "password", "said", "action"),
    [
        ("wrong one", "another long one", "当前密码错误，请重新输入。", "passport.current_password_refused"),
        (PASSWORD, PASSWORD, "新密码不能与当前密码相同，请换一个密码。", "passport.change_refused"),
        (PASSWORD, "short77", "密码至少8个字符。", "passport.change_refused"),
        (PASSWORD, "Wrong@Example.com", "密码不能与电子邮箱相同，请换一个密码。", "passport.change_refused"),
    ],
)
def test_a6_a_password_that_is_refused_leaves_one_row_and_changes_nothing(passport, current, password, said, action):
    assert refused(change_password, passport, current, password) == [said]
    assert again(passport).password == passport.password
    assert actions(passport) == [action]
    assert mails("passport/password_changed") == []


def test_a4_a_stolen_session_can_not_guess_the_password(passport):
    """Wrong current passwords fill the buckets of signing in."""
    for n in range(10):
        attempt = move if n % 2 else change_password
        assert refused(attempt, passport, NEW if n % 2 else "wrong one", "wrong one") == ["当前密码错误，请重新输入。"]
    assert refused(change_password, passport) == ["当前密码输错次数过多，请稍等几分钟再试。"]
    assert refused(services.sign_in, "wrong@example.com", PASSWORD, CLIENT, NOW) == [
        "该账号尝试登录次数过多，请稍等几分钟再试。"
    ]


def test_a4_only_wrong_current_passwords_count(passport):
    for n in range(12):
        passport = change_password(
            passport, PASSWORD if n % 2 == 0 else "other password", "other password" if n % 2 == 0 else PASSWORD
        )
    assert services.sign_in("wrong@example.com", PASSWORD, CLIENT, NOW)

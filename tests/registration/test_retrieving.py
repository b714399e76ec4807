"""账号找回: the account for type, number and name, and one answer for every miss (rule A8; proofs e2, e4)."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from baokao.core import clock
from baokao.core.captcha import tokens
from baokao.core.models import AuditRow
from baokao.core.raw import rows
from baokao.core.verdict import RefusedError
from baokao.core.words import masked_address
from baokao.exams.models import Sitting
from baokao.passport.models import Passport
from baokao.registration import limits, services
from baokao.registration.models import Registration
from baokao.registration.queries import retrieving
from tests.cast import NOW, SITTING, a_candidate, a_passport, set_stage
from tests.registration.doing import mails

pytestmark = pytest.mark.django_db

MISSED = "未查到报名账号，请核对所填信息，或致电客服、联系学校负责老师。"
TOO_MANY = "查询次数过多，请一小时后再试，或致电客服、联系学校负责老师。"
YANMING = {"id_type": "6", "id_number": "993010WW1000", "name": "颜明"}


@pytest.fixture
def stage():
    return set_stage()


@pytest.fixture
def passport(stage):
    return a_candidate(stage, number="993010WW1000")


def ask(client=None, **changed):
    words = YANMING | {"captcha": "8888", "captcha_token": tokens.issue("retrieve")} | changed
    return (client or Client()).post("/retrieve/", words)


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def retrieve(number="993010WW1000", name="颜明", id_type="6", client="192.0.2.7", now=NOW):
    try:
        return services.retrieve_account(id_type, number, name, client, now).account
    except RefusedError as refused:
        return refused.first.message


def test_a8_the_account_is_shown_whole_with_its_sitting(passport):
    page = text(ask())
    assert "找回成功!" in page
    assert f"您的通行证账号为：{passport.account}" in page
    assert "2026年下半年CET考试" in page


def test_a8_a_setting_shows_it_masked(passport, settings):
    settings.RETRIEVE_MASKED = True
    page = text(ask())
    assert passport.account not in page
    assert f"您的通行证账号为：{masked_address(passport.account)}" in page


def test_a8_the_address_is_told_and_the_mail_names_nobody(passport):
    retrieve()
    template, context = mails()[-1]
    assert template == "registration/retrieved"
    assert set(context) == {"at", "sitting"}


def test_a8_f6_each_try_leaves_one_row_in_the_log(passport):
    for asked in ({}, {"name": "颜鸣"}):
        ask(**asked)
    found = AuditRow.objects.filter(action__startswith="account.").values_list("action", flat=True)
    assert sorted(found) == ["account.retrieve_missed", "account.retrieved"]


@pytest.mark.parametrize(
    ("number", "name"),
    [(" 993010ww1000 ", "颜明"), ("９９３０１０ＷＷ１０００", " 颜 明 "), ("993010WW1000", "颜\u200b明")],
)
def test_a8_compares_as_the_lookup_does(passport, number, name):
    assert retrieve(number, name) == passport.account


@pytest.mark.parametrize(
    "wrong",
    [{"id_type": "4"}, {"number": "993010WW1001"}, {"name": "颜鸣"}, {"number": "1", "name": "无", "id_type": "1"}],
)
def test_a8_e2_every_kind_of_miss_is_one_answer_after_the_same_statements(
    passport, wrong, django_assert_num_queries, monkeypatch
):
    """The prepared read is not among those that Django counts."""
    asked = []
    monkeypatch.setattr(retrieving, "rows", lambda *asking: asked.append(asking) or rows(*asking))
    with django_assert_num_queries(2):
        assert retrieve(**wrong) == MISSED
    assert len(asked) == 1


def test_a8_the_page_of_a_miss_keeps_what_was_typed(passport):
    response = ask(name="颜鸣")
    page = response.content.decode()
    assert MISSED in page
    assert "<title>错误：最近考次报名账号找回" in page
    assert 'value="颜鸣"' in page
    assert 'value="993010WW1000"' in page
    assert passport.account not in page


@pytest.mark.parametrize("state", ["expired", "cancelled", "released"])
def test_a8_a_registration_that_has_ended_is_not_found(passport, state):
    Registration.objects.update(state=state, ended_at=NOW)
    assert retrieve() == MISSED


def test_a8_the_latest_sitting_counts(stage, passport):
    """An earlier sitting's account is found until there is a registration in a later one."""
    Sitting.objects.filter(code=SITTING).update(state="closed")
    assert retrieve() == passport.account
    later = Sitting.objects.create(code="20271", name="2027年上半年CET考试", state="open")
    assert retrieve() == passport.account
    again = Registration.objects.get()
    again.id, again.sitting, again.passport = uuid.uuid4(), later, a_passport("later@example.com")
    again.save(force_insert=True)
    assert retrieve() == "later@example.com"
    assert "2027年上半年CET考试" in text(ask())


def test_a8_a_changed_roster_does_not_hide_what_was_saved(passport):
    """What was saved is a snapshot (rule B8)."""
    registration = Registration.objects.get()
    registration.record.name = registration.record.name_key = "颜民"
    registration.record.save()
    assert retrieve() == passport.account


@pytest.mark.parametrize(
    ("empty", "message"),
    [
        ("id_type", "请选择证件类型。"),
        ("id_number", "请输入证件号码。"),
        ("name", "请输入姓名。"),
        ("captcha", "请输入验证码"),
    ],
)
def test_a8_every_field_is_required(passport, empty, message):
    assert message in ask(**{empty: ""}).content.decode()


# Doors


def test_e4_names_for_a_number_are_bounded_from_everywhere(passport):
    for tried in range(limits.RETRIEVE_NUMBER.limit):
        assert retrieve(name=f"颜{tried}", client=f"192.0.2.{tried}") == MISSED
    assert retrieve(client="198.51.100.9") == TOO_MANY
    assert retrieve(now=NOW + timedelta(hours=1)) == passport.account


def test_e4_numbers_for_a_name_are_bounded_for_a_client_and_for_all(passport, monkeypatch):
    for tried in range(limits.RETRIEVE_NAME_HERE.limit):
        assert retrieve(number=f"99301{tried}") == MISSED
    assert retrieve() == TOO_MANY
    assert retrieve(client="198.51.100.9") == passport.account
    monkeypatch.setattr(limits, "RETRIEVE_NAME", limits.Limit("retrieve.name", 30, timedelta(hours=1)))
    told = [retrieve(number=f"99302{tried}", client=f"192.0.2.{tried}") for tried in range(30)]
    assert told[-1] == TOO_MANY


def test_e4_a_campus_behind_one_address_still_gets_in(passport):
    """Five hundred people of one campus in one minute; then 颜明 among them."""
    for tried in range(500):
        retrieve(number=f"99303{tried}", name=f"考生{tried}", now=NOW + timedelta(seconds=tried / 9))
    assert retrieve(now=NOW + timedelta(minutes=1)) == passport.account


def test_e4_one_client_is_bounded(passport):
    for tried in range(limits.RETRIEVE_CLIENT.limit):
        retrieve(number=f"99303{tried}", name=f"考生{tried}")
    assert retrieve() == TOO_MANY
    assert retrieve(client="198.51.100.9") == passport.account


def test_h3_who_asked_too_often_keeps_what_was_typed(passport):
    for tried in range(limits.RETRIEVE_NUMBER.limit):
        retrieve(name=f"颜{tried}", client=f"192.0.2.{tried}")
    page = ask().content.decode()
    assert TOO_MANY in page
    assert 'value="颜明"' in page


def test_e5_the_captcha_is_asked(passport):
    fresh, used, other = (tokens.issue(purpose) for purpose in ("retrieve", "retrieve", "recover"))
    assert passport.account in text(ask(captcha_token=used))
    for name, words in {
        "missing": {"captcha": "", "captcha_token": fresh},
        "no token": {"captcha_token": ""},
        "replayed": {"captcha_token": used},
        "of another form": {"captcha_token": other},
        "forged": {"captcha_token": f"{fresh[:-1]}x"},
        "wrong": {"captcha": "0000"},
    }.items():
        page = ask(**words)
        assert passport.account not in text(page), name
        assert "验证码" in page.content.decode().partition("<form")[0], name
    with clock.travel(clock.now() + tokens.LIFE):
        assert passport.account not in text(ask(captcha_token=fresh))


def test_f12_the_answer_is_kept_by_nobody(passport):
    assert "no-store" in ask().headers["Cache-Control"]


def test_a8_nothing_of_the_person_gets_into_the_address_or_a_cookie(passport):
    response = ask()
    assert response.status_code == 200
    assert not [morsel for morsel in response.cookies.values() if "993010" in morsel.value]
    assert Passport.objects.count() == 1

"""找回密码: the same answer for everybody, and a mail for who has an account (rule A5; proofs e2, d8)."""

import re
from datetime import timedelta

import pytest
from django.core import mail as sent_mails
from django.test import Client

from baokao.core import clock
from baokao.core.captcha import tokens
from baokao.core.models import AuditRow, OutboxRow
from baokao.core.outbox import deliver
from baokao.passport import limits, services
from baokao.passport.models import Passport
from tests.cast import NOW, a_passport
from tests.passport.doing import mails

pytestmark = pytest.mark.django_db

SENT = "系统已把找回密码邮件发到您的邮箱，请注意查收！"


@pytest.fixture(autouse=True)
def bases(settings):
    settings.BASE_URLS = ["https://cet.example.edu.cn", "https://cet.example.com"]


def ask(email, client=None, **headers):
    """Submit the form as a browser does."""
    form = {"email": email, "captcha": "8888", "captcha_token": tokens.issue("recover")}
    return (client or Client()).post("/passport/recover/", form, follow=True, headers=headers)


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def deliver_all():
    """The look-up, then the mail that it asks for."""
    while deliver.deliver_batch():
        pass
    return [mail for mail in sent_mails.outbox if mail.subject.startswith("找回密码")]


def audited():
    return list(AuditRow.objects.filter(action__startswith="passport.reco").values_list("action", flat=True))


def test_a5_the_mail_has_both_links_in_order_and_says_what_to_do():
    a_passport("YanMing@example.com")
    assert SENT in text(ask("yanming@EXAMPLE.com"))
    [mail] = deliver_all()
    assert mail.to == ["YanMing@example.com"], "to the address as its owner wrote it"
    first, second = re.findall(r"^(.*用户)：(https://\S+)$", mail.body, re.M)
    assert (first[0], second[0]) == ("教育网用户", "非教育网用户")
    assert first[1].startswith("https://cet.example.edu.cn/passport/reset/")
    assert second[1].startswith("https://cet.example.com/passport/reset/")
    assert first[1].split("/")[3:] == second[1].split("/")[3:]
    assert "如第一条链接无法打开，可点击第二条。" in mail.body
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    assert f'href="{first[1]}"' in html
    assert f'href="{second[1]}"' in html


def test_a5_the_answer_leads_on():
    page = text(ask("nobody@example.com"))
    assert "若长时间未收到，请核对邮箱地址，或使用“找回账号”。" in page
    assert "选择找回方式" in page
    assert "完成找回密码" in page


def test_a5_e2_an_unknown_address_gets_the_same_answer_and_no_mail():
    a_passport("yanming@example.com")
    answers = [ask(email) for email in ("yanming@example.com", "nobody@example.com")]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert text(answers[0]) == text(answers[1])
    assert [mail.to for mail in deliver_all()] == [["yanming@example.com"]]
    assert sorted(audited()) == ["passport.recovery_mailed", "passport.recovery_unknown"]


def test_a5_e2_the_request_does_the_same_work_whether_or_not_there_is_an_account(django_assert_num_queries):
    a_passport("yanming@example.com")
    for email in ("yanming@example.com", "nobody@example.com"):
        with django_assert_num_queries(2) as done:
            services.ask_recovery(email, "192.0.2.7", NOW)
        assert not [query["sql"] for query in done.captured_queries if "passport_passport" in query["sql"]]


def test_a5_a3_who_said_that_the_account_is_not_theirs_gets_nothing():
    passport = a_passport("stranger@example.com")
    Passport.objects.filter(id=passport.id).update(recoverable=False)
    assert SENT in text(ask("stranger@example.com"))
    assert deliver_all() == []


def test_a5_an_ended_account_gets_nothing():
    passport = a_passport("gone@example.com")
    Passport.objects.filter(id=passport.id).update(ended_at=NOW)
    assert SENT in text(ask("gone@example.com"))
    assert deliver_all() == []


def test_a5_the_look_up_may_run_twice_and_mails_once():
    a_passport("yanming@example.com")
    services.ask_recovery("yanming@example.com", "192.0.2.7", NOW)
    row = OutboxRow.objects.get(kind="passport.recover")
    for _ in range(2):
        services.mail_recovery("yanming@example.com", NOW, row.id, NOW)
    assert len(mails("passport/recover")) == 1
    assert audited() == ["passport.recovery_mailed"]


def test_a5_d8_a_forged_host_never_gets_into_the_links(settings):
    a_passport("yanming@example.com")
    settings.PROXY_COUNT = 1
    forged = {"x-forwarded-host": "evil.example.org", "x-forwarded-proto": "https", "host": "127.0.0.1"}
    ask("yanming@example.com", **forged)
    assert ask("yanming@example.com", host="evil.example.org").status_code == 400
    [mail] = deliver_all()
    assert "evil" not in mail.message().as_string()
    assert set(re.findall(r"https?://[^/\s\"]+", mail.body)) == set(settings.BASE_URLS)


def test_a5_too_many_for_one_address_are_answered_alike_and_not_mailed():
    a_passport("yanming@example.com")
    answers = {text(ask("yanming@example.com")) for _ in range(limits.RECOVER_ADDRESS.limit + 2)}
    assert len(answers) == 1
    assert len(deliver_all()) == limits.RECOVER_ADDRESS.limit
    assert audited().count("passport.recovery_throttled") == 2


def test_a5_e3_a_campus_behind_one_address_gets_its_mails():
    """Five hundred people of one campus in one minute, which is more than forget it in an opening hour."""
    for number in range(500):
        services.ask_recovery(f"student{number}@example.com", "192.0.2.7", NOW + timedelta(seconds=number / 9))
    assert OutboxRow.objects.filter(kind="passport.recover").count() == 500


def test_a5_one_client_can_not_make_us_mail_without_end():
    for number in range(limits.RECOVER_CLIENT.limit + 50):
        services.ask_recovery(f"student{number}@example.com", "192.0.2.7", NOW)
    assert OutboxRow.objects.count() == limits.RECOVER_CLIENT.limit


def test_a5_all_together_are_bounded_too(monkeypatch):
    monkeypatch.setattr(limits, "RECOVER_ALL", limits.Limit("recover.all", 5, timedelta(minutes=10)))
    for number in range(8):
        services.ask_recovery(f"student{number}@example.com", f"192.0.2.{number}", NOW)
    assert OutboxRow.objects.count() == 5


@pytest.mark.parametrize(
    ("email", "message"), [("", "请输入电子邮箱。"), ("yanming", "电子邮箱的格式不正确，例如 name@example.com。")]
)
def test_h3_a_refused_form_keeps_what_was_typed(email, message):
    page = ask(email).content.decode()
    assert message in page
    assert "<title>错误：找回密码" in page
    if email:
        assert f'value="{email}"' in page


def test_e5_the_captcha_is_asked(monkeypatch):
    """Missing, wrong, replayed, another form's, another's page, too old: no row is written."""
    fresh, used, other = (tokens.issue(purpose) for purpose in ("recover", "recover", "login"))
    form = {"email": "yanming@example.com", "captcha": "8888"}
    assert Client().post("/passport/recover/", form | {"captcha_token": used}).status_code == 302
    rows = OutboxRow.objects.count()
    tries = {
        "missing": form | {"captcha": "", "captcha_token": fresh},
        "no token": form,
        "replayed": form | {"captcha_token": used},
        "of another form": form | {"captcha_token": other},
        "forged": form | {"captcha_token": f"{fresh[:-1]}x"},
        "wrong": form | {"captcha": "0000", "captcha_token": tokens.issue("recover")},
    }
    for name, words in tries.items():
        page = Client().post("/passport/recover/", words).content.decode()
        assert "验证码" in page.partition("<form")[0], name
    with clock.travel(clock.now() + tokens.LIFE):
        assert Client().post("/passport/recover/", form | {"captcha_token": fresh}).status_code == 200
    assert OutboxRow.objects.count() == rows

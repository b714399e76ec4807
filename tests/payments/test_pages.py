"""支付缴费, 支付结果 and 缴费凭证 as pages, without a script (rules D1, D3, D5, D6; pages.md)."""

import re
from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.core.brief import forget_all
from baokao.core.outbox.mail import render
from baokao.exams.models import Sitting
from baokao.payments.models import Attempt, Notification
from baokao.registration import services as registration
from baokao.registration.models import Entry
from tests.cast import NOW, SITTING, a_candidate
from tests.payments.doing import LASTS, attempt_state, enter, hear, start, states, work
from tests.registration.doing import mails
from tests.signing_in import signed_in_client
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def passport(stage, bank):
    """Who entered 英语四级笔试, 日语六级笔试 and 英语四级口试."""
    found = a_speaker(stage, written="14")
    registration.save_speaking(found.id, SITTING, {"F": "993010"}, NOW)
    return found


@pytest.fixture
def client(passport):
    return signed_in_client(passport)


@pytest.fixture(autouse=True)
def moment():
    with clock.travel(NOW):
        yield


def text(response):
    """What a person reads, on one line."""
    page = re.sub(r"<(style|script|svg).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def step(client, name, subjects="14F", **more):
    return client.post("/my/pay/", {"step": name, "subject": list(subjects), **more})


# The way to the provider


@pytest.mark.parametrize("name", ["/my/pay/", "sure", "way", "/my/pay/result/", "/my/registration/"])
def test_b1_each_form_of_paying_names_the_sitting_that_its_page_shows(client, name):
    if name == "/my/pay/result/":
        step(client, "go", "1", way="alipay")
    page = client.get(name) if name.startswith("/") else step(client, name)
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page.content.decode().partition("<main")[2], re.S)
    assert forms
    assert all(f'name="sitting" value="{SITTING}"' in form for form in forms)


def test_b1_an_old_page_pays_in_its_own_sitting(stage, client):
    Sitting.objects.create(code="20261", name="2026年上半年CET考试", state="open")
    forget_all()
    client.cookies["sitting"] = "20261"
    step(client, "go", "1", way="alipay", sitting=SITTING)
    assert Attempt.objects.get().sitting_id == SITTING


def test_d1_all_unpaid_entries_are_ticked_with_their_sum(client):
    page = client.get("/my/pay/").content.decode()
    assert page.count(" checked") == 3
    assert "合计 <b>¥0.03</b>" in page
    assert "去支付" in page


def test_d1_going_to_pay_asks_once_more_with_what_is_ticked(client):
    found = text(step(client, "sure", "1F"))
    assert "请确认报考信息" in found
    assert "支付金额 ¥0.02" in found
    assert "日语六级笔试" not in found


def test_d1_then_the_ways_to_pay_are_offered(client):
    assert "支付宝 跳转至支付宝网站进行支付" in text(step(client, "way", "1F"))


def test_d1_the_last_page_leads_to_the_provider_with_an_attempt_made_before(client, bank):
    response = step(client, "go", "1F", way="alipay")
    attempt = Attempt.objects.get()
    assert response.headers["Location"] == f"https://bank.example/cashier?number={attempt.number}"
    assert str(attempt.amount) == "0.02"
    [sent] = bank.sent
    assert (sent.number, sent.amount, sent.expires_at) == (attempt.number, attempt.amount, NOW + LASTS)
    assert sent.return_url.endswith("/my/pay/result/")
    assert sent.notify_url.endswith("/pay/notify/alipay/")


def test_d1_the_browser_comes_back_to_the_address_that_it_left_from(client, bank, settings):
    settings.BASE_URLS = ["http://edu.example", "http://testserver"]
    step(client, "go", "1", way="alipay")
    assert bank.sent[0].return_url == "http://testserver/my/pay/result/"


def test_d8_and_never_to_one_that_is_not_ours(client, bank, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/my/pay/", {"step": "go", "subject": ["1"], "way": "alipay"}, headers={"host": "evil.example"})
    assert bank.sent[0].return_url.startswith(settings.BASE_URLS[0])


def test_d1_only_these_pages_may_lead_to_the_provider(client):
    for page in (client.get("/my/pay/"), step(client, "way")):
        assert "form-action 'self' https://bank.example;" in page.headers["Content-Security-Policy"]
    assert "bank.example" not in client.get("/my/registration/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["sure", "way", "go"])
def test_d1_nothing_ticked_is_refused_at_every_step(client, name):
    found = text(step(client, name, "", way="alipay"))
    assert "请至少勾选一个未支付的科目。" in found
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("name", ["sure", "way", "go"])
def test_d1_c7_speaking_without_its_written_is_refused_at_every_step(client, name):
    found = text(step(client, name, "F", way="alipay"))
    assert "口试须与英语四级笔试一起支付，或在其支付之后支付。" in found
    assert Attempt.objects.count() == 0


def test_d1_no_way_chosen_is_asked_for_and_nothing_is_lost(client):
    found = step(client, "go", "1", way="cash")
    assert "请选择支付平台。" in text(found)
    assert 'name="subject" value="1"' in found.content.decode()


def test_d5_a_second_attempt_ends_the_first_and_goes_on(client, bank):
    step(client, "go", "1", way="alipay")
    with clock.travel(NOW + MINUTE):
        step(client, "go", "14", way="alipay")
    first, second = Attempt.objects.order_by("started_at")
    assert (first.state, second.state) == ("ended", "open")


def test_d5_a_second_attempt_finds_the_first_paid_and_says_so(client, bank):
    step(client, "go", "1", way="alipay")
    bank.pay(bank.sent[0].number, bank.sent[0].amount)
    assert step(client, "go", "1", way="alipay").headers["Location"] == "/my/pay/result/"
    assert Attempt.objects.get().state == "paid"


def test_d5_while_the_first_is_in_doubt_nobody_is_sent_to_pay_again(client, bank):
    step(client, "go", "1", way="alipay")
    bank.silent = True
    assert step(client, "go", "1", way="alipay").headers["Location"] == "/my/pay/result/"
    assert Attempt.objects.count() == 1


def test_without_a_provider_paying_says_that_it_is_not_open(client, monkeypatch):
    from baokao.payments import providers

    monkeypatch.setattr(providers, "configured", dict)
    assert "支付暂未开放" in text(step(client, "way", "1"))


# The result


def test_d3_b6_the_browsers_return_proves_nothing(client, passport):
    attempt = start(passport, "1")
    query = f"out_trade_no={attempt.number}&trade_no=1&total_amount=0.01&trade_status=TRADE_SUCCESS&sign=x"
    found = client.get(f"/my/pay/result/?{query}")
    assert "支付结果确认中，请勿重复支付" in text(found)
    assert states(passport) == "1 unpaid, 4 unpaid, F unpaid"
    assert (attempt_state(attempt), Notification.objects.count()) == ("open", 0)


def test_d6_the_result_reloads_itself_until_it_is_known(client, passport, bank):
    attempt = start(passport, "1")
    assert client.get("/my/pay/result/").headers["Refresh"] == "3"
    hear(bank.pay(attempt.number, attempt.amount))
    found = client.get("/my/pay/result/")
    assert "Refresh" not in found.headers
    assert "支付成功" in text(found)
    assert "(1) 英语四级笔试" in text(found)


def test_d6_the_result_tells_of_money_that_goes_back(client, passport, bank, stage):
    attempt = start(passport, "1")
    work(NOW + LASTS)
    registration.expire_entries(NOW + timedelta(hours=25))
    stage.set_seats("1", 0)
    hear(bank.pay(attempt.number, attempt.amount), NOW + timedelta(hours=25))
    assert "正在原路退回" in text(client.get("/my/pay/result/"))
    work(NOW + timedelta(hours=25))
    assert "原路退回。支付到账时科目已超时删除且已报满。" in text(client.get("/my/pay/result/"))


def test_d6_the_result_sums_up_what_paid_something_and_not_what_goes_back(client, passport, bank, stage):
    attempt = start(passport, "14")
    work(NOW + LASTS)
    registration.expire_entries(NOW + timedelta(hours=25))
    stage.set_seats("4", 0)
    hear(bank.pay(attempt.number, attempt.amount), NOW + timedelta(hours=25))
    found = text(client.get("/my/pay/result/"))
    assert "支付 1 科，共 ¥0.01。" in found
    assert "(4) 日语六级笔试 ¥0.01 ：正在原路退回" in found
    assert "(4) 日语六级笔试 ¥0.01 ：正在原路退回" in text(client.get(f"/my/pay/receipt/{attempt.number}/"))


def test_d5_the_result_invites_nobody_back_to_a_payment_whose_time_is_over(client, passport, bank):
    start(passport, "1")
    assert "前回到支付页面继续" in text(client.get("/my/pay/result/"))
    bank.silent = True
    later = NOW + LASTS + MINUTE
    work(later)
    with clock.travel(later):
        found = text(client.get("/my/pay/result/"))
    assert "支付结果确认中，请勿重复支付" in found
    assert "前回到支付页面继续" not in found
    assert "正在等待支付平台的答复" in found


def test_d5_nobody_is_told_that_no_money_left_an_account_which_nobody_can_know(passport, bank):
    start(passport, "1")
    work(NOW + LASTS)
    [(template, context)] = [mail for mail in mails() if mail[0] == "payments/ended"]
    told = str(render(template, context))
    assert "没有收到付款" in told
    assert "没有扣款" not in told


def test_an_attempt_that_ended_says_未支付(client, passport):
    start(passport, "1")
    work(NOW + LASTS)
    found = text(client.get("/my/pay/result/"))
    assert "未支付" in found
    assert "重新支付" in found


def test_d6_late_money_for_an_earlier_attempt_is_what_there_is_to_tell(client, passport, bank):
    """Somebody had two windows open, and paid in the older one, of which nobody would read in the newer one's end."""
    first = start(passport, "1")
    work(NOW + LASTS)
    second = start(passport, "1", NOW + LASTS + MINUTE)
    bank.facts.clear()
    hear(bank.pay(first.number, first.amount), NOW + LASTS + 2 * MINUTE)
    open_still = text(client.get("/my/pay/result/"))
    assert "支付结果确认中，请勿重复支付" in open_still
    assert f"支付成功 订单号： {first.number}" in open_still
    work(NOW + 3 * LASTS)
    assert (attempt_state(first), attempt_state(second)) == ("paid", "ended")
    found = text(client.get("/my/pay/result/"))
    assert "支付成功" in found
    assert first.number in found
    assert second.number not in found, "nobody paid for it"


def test_d6_a_payment_of_another_subject_before_is_not_told_again(client, passport, bank):
    before = start(passport, "1")
    hear(bank.pay(before.number, before.amount))
    start(passport, "4", NOW + MINUTE)
    work(NOW + MINUTE + LASTS)
    found = text(client.get("/my/pay/result/"))
    assert "未支付" in found
    assert before.number not in found


def test_c10_更新_asks_the_provider(client, passport, bank):
    attempt = start(passport, "1")
    bank.pay(attempt.number, attempt.amount)
    assert client.post("/my/pay/refresh/").headers["Location"] == "/my/registration/"
    assert attempt_state(attempt) == "paid"


def test_e14_looking_asks_nobody_and_changes_nothing(client, passport, bank):
    attempt = start(passport, "1")
    bank.pay(attempt.number, attempt.amount)
    for address in ("/my/pay/", "/my/pay/result/", "/my/pay/refresh/", "/my/registration/"):
        client.get(address)
    assert not bank.asked
    assert attempt_state(attempt) == "open"


def test_更新_is_bounded(client, passport, bank):
    start(passport, "1")
    answers = [client.post("/my/pay/refresh/").status_code for _ in range(25)]
    assert (answers[0], answers[-1]) == (302, 429)


def test_c10_the_registration_page_says_that_it_is_being_paid(client, passport):
    start(passport, "1")
    assert "支付处理中" in text(client.get("/my/registration/"))


# The receipt, and whose it is


def test_a_paid_attempt_has_a_receipt_to_print(client, passport, bank):
    attempt = start(passport, "1F")
    hear(bank.pay(attempt.number, attempt.amount))
    found = text(client.get(f"/my/pay/receipt/{attempt.number}/"))
    assert all(part in found for part in ("缴费凭证", "¥0.02", attempt.number, "(1) 英语四级笔试，(F) 英语四级口试"))


def test_e11_somebody_elses_receipt_and_one_that_is_not_there_look_the_same(client, passport, bank, stage):
    other = a_candidate(stage, subjects="1")
    enter(other, "1")
    theirs = start(other, "1")
    hear(bank.pay(theirs.number, theirs.amount))
    answers = [client.get(f"/my/pay/receipt/{number}/") for number in (theirs.number, "20260101nothing")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert text(answers[0]) == text(answers[1])


def test_e11_an_attempt_of_an_earlier_registration_is_not_shown(client, passport):
    attempt = start(passport, "1")
    Entry.objects.filter(locked_by=attempt.id).update(lock="", locked_by=None)
    Attempt.objects.update(state="ended", ended_at=NOW)
    assert client.get(f"/my/pay/receipt/{attempt.number}/").status_code == 302


# The providers' address


def test_d3_a_providers_message_is_acknowledged_in_its_own_words(client, passport, bank):
    attempt = start(passport, "1")
    message = bank.pay(attempt.number, attempt.amount)
    answer = client.post("/pay/notify/alipay/", message.body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.content) == (200, b"success")
    assert attempt_state(attempt) == "paid"


def test_d3_a_forged_one_is_not(client, passport, bank):
    answer = client.post("/pay/notify/alipay/", b"x=1", content_type="application/x-www-form-urlencoded")
    assert answer.content == b"fail"


def test_d10_a_huge_message_is_refused_at_a_bound(client, bank):
    answer = client.post("/pay/notify/alipay/", b"x" * 70_000, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, Notification.objects.count()) == (413, 0)


def test_there_is_no_address_for_a_provider_that_there_is_not(client, bank):
    assert client.post("/pay/notify/payease/", b"x=1", content_type="text/plain").status_code == 404

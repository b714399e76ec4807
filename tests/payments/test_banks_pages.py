"""首信易支付 as pages: choosing a bank, 温馨提示, and the address that it tells us at (rules D1, D3, D5; pages.md)."""

import pytest

from baokao.core import clock
from baokao.payments.models import Attempt, Notification
from baokao.registration.models import Entry
from tests.cast import NOW, a_candidate
from tests.payments.bank import together
from tests.payments.doing import attempt_state, enter, start, states
from tests.payments.test_pages import step, text
from tests.signing_in import signed_in_client
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

TIP = "您选择首信易支付 中国银行进行支付, 支付金额为0.02元人民币。"


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def passport(stage, banks):
    """Who entered 英语四级笔试 and 日语六级笔试."""
    return a_speaker(stage, written="14")


@pytest.fixture
def client(passport):
    return signed_in_client(passport)


@pytest.fixture(autouse=True)
def moment():
    with clock.travel(NOW):
        yield


def go(client, **more):
    return step(client, "go", "14", **{"way": "payease", "bank": "85"} | more)


def test_d1_both_ways_are_offered_and_the_banks_to_choose_from(client):
    found = text(step(client, "way", "14"))
    assert "支付宝 跳转至支付宝网站进行支付" in found
    assert "首信易支付 选择支付银行，跳转至银行界面进行支付" in found
    assert "支付银行 选择“首信易支付”时，请同时选择支付银行。 中国工商银行 中国银行" in found


def test_d1_then_温馨提示_names_bank_and_amount_to_the_letter(client):
    found = go(client)
    page = found.content.decode()
    assert f"温馨提示 {TIP}" in text(found)
    assert page.index("确定</button>") < page.index("取消</button>")


def test_d1_确定_is_a_form_that_leads_to_the_bank_with_an_attempt_made_before(client, banks):
    found = go(client)
    attempt = Attempt.objects.get()
    assert (attempt.provider, attempt.bank, attempt.state) == ("payease", "85", "open")
    page = found.content.decode()
    assert '<form id="leave" method="post" action="https://another-bank.example/pay">' in page
    assert f'name="v_oid" value="{attempt.number}"' in page
    policy = found.headers["Content-Security-Policy"]
    assert "form-action 'self' https://bank.example https://another-bank.example;" in policy
    [sent] = banks["payease"].sent
    assert (sent.bank, sent.notify_url.endswith("/pay/notify/payease/")) == ("85", True)
    assert "?" not in sent.return_url


def test_d1_the_form_for_the_bank_bears_no_token_of_ours(client):
    leaving = go(client).content.decode().partition('action="https://another-bank.example/pay">')[2]
    leaving = leaving.partition("</form>")[0]
    assert "v_pmode" in leaving
    assert "csrfmiddlewaretoken" not in leaving


def test_d5_取消_ends_the_attempt_so_that_one_may_choose_again(client):
    go(client)
    attempt = Attempt.objects.get()
    answer = client.post("/my/pay/", {"step": "cancel", "number": attempt.number})
    assert answer.headers["Location"] == "/my/pay/"
    assert attempt_state(attempt) == "ended"
    assert Entry.objects.exclude(lock="").count() == 0


@pytest.mark.parametrize("how", ["paid", "in doubt"])
def test_d5_取消_does_not_end_what_is_paid_or_in_doubt(client, banks, how):
    go(client)
    attempt = Attempt.objects.get()
    if how == "paid":
        banks["payease"].pay(attempt.number, attempt.amount)
    banks["payease"].silent = how == "in doubt"
    answer = client.post("/my/pay/", {"step": "cancel", "number": attempt.number})
    assert answer.headers["Location"] == "/my/pay/result/"
    assert attempt_state(attempt) == ("paid" if how == "paid" else "open")


def test_e11_nobody_cancels_somebody_elses_payment(client, stage):
    other = a_candidate(stage, subjects="1")
    enter(other, "1")
    theirs = start(other, "1", provider="payease")
    assert client.post("/my/pay/", {"step": "cancel", "number": theirs.number}).status_code == 404
    assert attempt_state(theirs) == "open"


@pytest.mark.parametrize("bank", ["", "205", "x"])
def test_d1_without_a_bank_that_is_offered_it_is_asked_for_and_nothing_is_lost(client, bank):
    found = go(client, bank=bank)
    page = found.content.decode()
    assert "请选择支付银行。" in text(found)
    assert "<title>错误：" in page
    assert 'href="#bank-9"' in page
    assert 'id="way-payease" value="payease" required checked' in page
    assert Attempt.objects.count() == 0


def test_d1_支付宝_needs_no_bank_and_takes_none(client):
    assert go(client, way="alipay").status_code == 302
    assert Attempt.objects.get().bank == ""


def test_d5_a_second_attempt_by_another_way_ends_the_first(client, banks):
    go(client)
    assert go(client, way="alipay").status_code == 302
    assert list(Attempt.objects.order_by("provider").values_list("provider", "state")) == [
        ("alipay", "open"),
        ("payease", "ended"),
    ]


def test_d1_what_is_not_configured_is_not_offered(client, banks):
    del banks["payease"]
    assert "首信易支付" not in text(step(client, "way", "14"))
    assert "请选择支付平台。" in text(go(client))


def test_d1_without_any_provider_the_page_says_what_to_do(client, banks):
    banks.clear()
    assert "支付暂未开放，请稍后再试。" in text(step(client, "way", "14"))


def test_d3_b6_the_banks_return_in_gbk_proves_nothing_and_breaks_nothing(client, passport):
    start(passport, "1", provider="payease")
    answer = client.get("/my/pay/result/?v_pstatus=20&v_pstring=%D6%A7%B8%B6%CD%EA%B3%C9&v_amount=0.01")
    assert "支付结果确认中，请勿重复支付" in text(answer)
    assert states(passport) == "1 unpaid, 4 unpaid"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_d3_a_notification_is_taken_by_get_and_by_post_and_acknowledged_with_sent(client, passport, banks, method):
    one, two = (start(passport, code, provider="payease") for code in "14")
    message = together(*(banks["payease"].pay(each.number, each.amount) for each in (one, two)))
    if method == "GET":
        answer = client.get("/pay/notify/payease/", QUERY_STRING=message.body.decode())
    else:
        answer = client.post("/pay/notify/payease/", message.body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.content) == (200, b"sent")
    assert answer.headers["Content-Type"] == "text/plain"
    assert states(passport) == "1 paid, 4 paid"


@pytest.mark.parametrize("method", ["get", "post"])
def test_b4_a_forged_one_is_answered_with_error(client, banks, method):
    answer = getattr(client, method)("/pay/notify/payease/?v_oid=1")
    assert (answer.status_code, answer.content) == (200, b"error")
    assert Notification.objects.count() == 1


def test_d6_a_number_that_is_none_is_nobodys_payment(client):
    for number in ("\0", "", "20260101", "9" * 100):
        assert client.post("/my/pay/", {"step": "cancel", "number": number}).status_code == 404

"""Where a candidate is sent to pay by Alipay (rules D1 and D5)."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest

from baokao.payments.gateways.alipay import signing
from baokao.payments.gateways.contract import NUMBER, Payment
from tests.payments.gateways.alipay import ACCOUNT, APP, OURS, Script, alipay

PAYMENT = Payment(
    number="20261123AB12CD34EF56",
    amount=Decimal("46"),
    subject="2026年下半年CET考试报名费",
    made_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
    expires_at=datetime(2026, 11, 23, 1, 59, 59, 999_000, tzinfo=UTC),
    return_url="https://a.example.cn/my/pay/alipay/return/",
    notify_url="https://a.example.cn/pay/alipay/notify/",
    on_phone=False,
)


def sent(payment: Payment) -> tuple[dict[str, str], dict[str, str]]:
    """The parameters that the browser carries, and the payment's own among them."""
    off = alipay(Script()).send_off(payment)
    assert off.fields is None
    parts = urlsplit(off.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == ACCOUNT.gateway
    parameters = dict(parse_qsl(parts.query, strict_parsing=True))
    return parameters, json.loads(parameters["biz_content"])


def test_d1_a_computer_gets_the_page_with_number_amount_and_subject():
    parameters, content = sent(PAYMENT)
    assert parameters["method"] == "alipay.trade.page.pay"
    assert (parameters["app_id"], parameters["timestamp"]) == (APP, "2026-11-23 09:30:00")
    assert (parameters["return_url"], parameters["notify_url"]) == (PAYMENT.return_url, PAYMENT.notify_url)
    assert content == {
        "out_trade_no": PAYMENT.number,
        "total_amount": "46.00",
        "subject": "2026年下半年CET考试报名费",
        "product_code": "FAST_INSTANT_TRADE_PAY",
        "time_expire": "2026-11-23 09:59:59",
        "goods_type": "0",
    }


def test_d1_a_phone_gets_the_phones_page_and_a_way_back():
    parameters, content = sent(replace(PAYMENT, on_phone=True, quit_url="https://a.example.cn/my/pay/"))
    assert parameters["method"] == "alipay.trade.wap.pay"
    assert (content["product_code"], content["quit_url"]) == ("QUICK_WAP_WAY", "https://a.example.cn/my/pay/")
    assert sent(replace(PAYMENT, on_phone=True))[1]["quit_url"] == PAYMENT.return_url


def test_what_is_sent_is_signed_whole():
    parameters, _ = sent(PAYMENT)
    text = signing.joined(parameters, without=("sign",))
    assert "sign_type=RSA2" in text
    assert signing.verifies(text, parameters["sign"], [OURS.public_key()])


def test_d5_the_deadline_is_absolute_and_never_later_than_ours():
    content = sent(PAYMENT)[1]
    assert content["time_expire"] == "2026-11-23 09:59:59"
    assert "timeout_express" not in content


def test_letters_that_alipay_dislikes_are_written_in_full_width():
    assert sent(replace(PAYMENT, subject="CET4/6&a=b"))[1]["subject"] == "CET4／6＆a＝b"
    assert len(sent(replace(PAYMENT, subject="报" * 300))[1]["subject"]) == 256


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "46.005", "NaN", "Infinity"])
def test_an_amount_that_is_none_is_never_sent(amount):
    with pytest.raises(ValueError):
        sent(replace(PAYMENT, amount=Decimal(amount)))


def test_a_number_begins_with_its_day():
    assert NUMBER.fullmatch(PAYMENT.number)
    assert not NUMBER.fullmatch("REG202611230001")

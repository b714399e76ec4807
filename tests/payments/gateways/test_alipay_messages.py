"""What Alipay tells us: believed with every check, refused with each of them failing (rules D3 and D4)."""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from baokao.payments.gateways.alipay import parameters
from baokao.payments.gateways.contract import Fact, Message, Rejected, State
from tests.payments.gateways.alipay import (
    ACCOUNT,
    CASES,
    NUMBER,
    PAID,
    THEIRS,
    Script,
    alipay,
    notification,
    signed,
    told,
)

NEW_KEY = rsa.generate_private_key(65537, 2048)
REFUND = {"refund_fee": "20.00", "gmt_refund": "2026-11-24 10:00:00.123", "out_biz_no": "20261124R1"}
CLOSED = {
    "trade_status": "TRADE_CLOSED",
    "gmt_payment": None,
    "gmt_close": "2026-11-23 10:00:00",
    "fund_bill_list": None,
}


def fact(message: Message) -> Fact:
    [found] = alipay(Script()).read_notification(message)
    assert isinstance(found, Fact)
    return found


def code(message: Message) -> str:
    refused = alipay(Script()).read_notification(message)
    assert isinstance(refused, Rejected)
    return refused.code


def test_d3_a_signed_payment_is_a_fact():
    found = fact(told())
    assert (found.number, found.state, found.amount) == (NUMBER, State.PAID, Decimal("120.00"))
    assert (found.refunded, found.refund) == (None, "")


@pytest.mark.parametrize(
    ("status", "changes", "state"),
    [
        ("TRADE_SUCCESS", {}, State.PAID),
        ("TRADE_FINISHED", {}, State.PAID),
        ("WAIT_BUYER_PAY", {"gmt_payment": None}, State.WAITING),
        ("TRADE_CLOSED", CLOSED, State.CLOSED),
    ],
)
def test_d3_each_state_is_told_apart(status, changes, state):
    assert fact(told(**changes | {"trade_status": status})).state is state


def test_d3_a_refund_in_part_is_no_payment():
    found = fact(told(**REFUND))
    assert (found.state, found.amount, found.refunded) == (State.REFUNDED, Decimal("120.00"), Decimal("20.00"))
    assert found.refund == "20261124R1"


def test_d3_a_refund_in_full_is_no_payment_and_no_closed_trade():
    found = fact(told(**REFUND | {"refund_fee": "120.00", "trade_status": "TRADE_CLOSED"}))
    assert (found.state, found.refunded) == (State.REFUNDED, Decimal("120.00"))


def test_d4_fields_that_we_never_saw_are_signed_too_and_do_no_harm():
    assert fact(told(something_new="1")).state is State.PAID


def test_an_empty_value_is_read_as_it_was_received():
    assert fact(told(body="")).state is State.PAID


def test_both_keys_are_believed_while_they_are_being_changed():
    changing = replace(ACCOUNT, public_keys=(NEW_KEY.public_key(), THEIRS.public_key()))
    by_new = notification(signed(PAID, NEW_KEY))
    assert alipay(Script(), changing).read_notification(by_new) == alipay(Script(), changing).read_notification(told())
    assert code(by_new) == "signature"


@pytest.mark.parametrize(
    ("message", "refused"),
    [
        (replace(told(), method="GET"), "method"),
        (replace(told(), query=b"a=1"), "query"),
        (replace(told(), content_type="application/json"), "content_type"),
        (replace(told(), content_type="application/x-www-form-urlencoded; charset=gbk"), "content_type"),
        (notification(b""), "malformed"),
        (notification(b"&" * 200), "malformed"),
        (notification(b"a" * (parameters.MOST_BYTES + 1)), "malformed"),
        (notification(b"sign=%zz"), "malformed"),
        (notification(b"subject=%D6%A7%B8%B6"), "malformed"),
        (notification(b"=1"), "malformed"),
        (told(charset="gbk"), "charset"),
        (told(charset=None), "charset"),
        (notification(signed(PAID) | {"sign_type": "RSA"}), "sign_type"),
        (notification(PAID | {"sign": signed(PAID)["sign"]}), "sign_type"),
        (notification(PAID | {"sign_type": "RSA2"}), "signature"),
        (notification(signed(PAID) | {"sign": ""}), "signature"),
        (notification(signed(PAID) | {"sign": "签"}), "signature"),
        (told(app_id="9021000100000002"), "app"),
        (told(app_id=None), "app"),
        (told(seller_id="2088000000000098"), "seller"),
        (told(seller_id=None), "seller"),
        (told(notify_type="dut_user_sign"), "kind"),
        (told(out_trade_no=None), "number"),
        (told(out_trade_no="REG-1"), "number"),
        (told(trade_no=None), "number"),
        (told(trade_status="TRADE_PENDING"), "state"),
        (told(trade_status=None), "state"),
        (told(trade_status="TRADE_CLOSED"), "state"),
        (told(**REFUND | {"refund_fee": None}), "amount"),
        (told(**REFUND | {"refund_fee": "0.00"}), "amount"),
        (told(**REFUND | {"refund_fee": "120.01"}), "amount"),
    ],
)
def test_d3_whatever_fails_a_check_is_refused_and_says_which(message, refused):
    assert code(message) == refused


def test_a_field_twice_is_refused_even_with_the_same_value():
    body = urlencode(signed(PAID)).encode()
    assert code(notification(body + b"&total_amount=120.00")) == "malformed"
    assert code(notification(body + b"&total%5Famount=120.00")) == "malformed"


def come_back(query: bytes, method: str = "GET") -> str | Rejected:
    return alipay(Script()).read_return(Message(method, query, b""))


RETURN = {name: value for name, value in CASES["ret"]["params"].items() if name != "sign_type"}


def test_d3_a_signed_return_names_its_payment_and_nothing_more():
    for method in ("alipay.trade.page.pay.return", "alipay.trade.wap.pay.return"):
        assert come_back(urlencode(signed(RETURN | {"method": method})).encode()) == NUMBER


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        (b"", "malformed"),
        (urlencode(RETURN).encode(), "sign_type"),
        (urlencode(signed(RETURN) | {"out_trade_no": "REG202611230002"}).encode(), "signature"),
        (urlencode(signed(RETURN | {"app_id": "1"})).encode(), "app"),
        (urlencode(signed(RETURN | {"seller_id": "1"})).encode(), "seller"),
        (urlencode(signed(RETURN | {"method": "alipay.trade.query"})).encode(), "kind"),
        (urlencode(signed(RETURN | {"out_trade_no": ""})).encode(), "number"),
        (urlencode(signed(PAID)).encode(), "kind"),
    ],
)
def test_d3_a_return_that_fails_a_check_is_refused(query, refused):
    found = come_back(query)
    assert isinstance(found, Rejected)
    assert found.code == refused


def test_a_return_by_post_is_refused():
    found = come_back(urlencode(signed(RETURN)).encode(), "POST")
    assert isinstance(found, Rejected)


def test_a_return_is_no_notification():
    assert code(notification(signed(RETURN))) == "kind"

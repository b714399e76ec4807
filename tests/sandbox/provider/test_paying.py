"""A trade comes into being when the payer logs in, never before; one number is one trade; deadlines hold."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from baokao.sandbox.provider.alipay.wire import Refused
from tests.sandbox.provider.client import RETURN, SELLER_ID, TEN, order, order_on_a_phone, read_message

NUMBER = "REG202611230001"
MINUTE = timedelta(minutes=1)


def refusal(doing, *arguments, **more):
    with pytest.raises(Refused) as refused:
        doing(*arguments, **more)
    return refused.value.sub_code


def test_a_trade_is_none_until_the_payer_logs_in(desk, merchant):
    token = merchant.send(order(), TEN)
    assert merchant.query(NUMBER, TEN)["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert merchant.close(NUMBER, TEN)["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    desk.log_in(token, TEN)
    assert merchant.query(NUMBER, TEN)["trade_status"] == "WAIT_BUYER_PAY"
    desk.pay(token, TEN)
    paid = merchant.query(NUMBER, TEN)
    assert (paid["trade_status"], paid["send_pay_date"]) == ("TRADE_SUCCESS", "2026-11-23 10:00:00")


def test_a_phones_trade_is_none_until_it_is_paid(desk, merchant):
    desk.pay(merchant.send(order_on_a_phone(), TEN, "alipay.trade.wap.pay"), TEN)
    assert merchant.query(NUMBER, TEN)["trade_status"] == "TRADE_SUCCESS"


def test_the_way_back_is_signed_and_tells_no_state(desk, merchant):
    token = merchant.send(order(), TEN)
    assert desk.way_back(token, TEN) == ""
    desk.pay(token, TEN)
    address = urlsplit(desk.way_back(token, TEN))
    fields, good = read_message(address.query)
    assert good
    assert f"{address.scheme}://{address.netloc}{address.path}" == RETURN
    assert (fields["total_amount"], fields["seller_id"]) == ("120.00", SELLER_ID)
    assert fields["method"] == "alipay.trade.page.pay.return"
    assert "trade_status" not in fields


def test_the_same_order_again_shows_the_same_trade(desk, merchant):
    first = desk.log_in(merchant.send(order(), TEN), TEN)
    assert desk.log_in(merchant.send(order(), TEN + MINUTE), TEN + MINUTE) == first


@pytest.mark.parametrize("more", [{"amount": "120.01"}, {"subject": "别的"}, {"passback_params": "x"}, {"body": "x"}])
def test_the_same_number_with_other_contents_is_refused(desk, merchant, more):
    desk.log_in(merchant.send(order(), TEN), TEN)
    assert refusal(merchant.send, order(**more), TEN) == "ACQ.CONTEXT_INCONSISTENT"


def test_of_two_tabs_with_other_contents_the_second_log_in_is_refused(desk, merchant):
    one, other = merchant.send(order(), TEN), merchant.send(order(amount="0.01"), TEN)
    desk.log_in(one, TEN)
    assert refusal(desk.log_in, other, TEN) == "ACQ.CONTEXT_INCONSISTENT"
    assert refusal(desk.pay, other, TEN) == "ACQ.CONTEXT_INCONSISTENT"


def test_a_paid_order_is_not_paid_again_from_another_tab(desk, merchant):
    one, other = merchant.send(order(), TEN), merchant.send(order(), TEN)
    desk.pay(one, TEN)
    for token in (one, other):
        assert refusal(desk.pay, token, TEN) == "ACQ.TRADE_HAS_SUCCESS"
    assert refusal(merchant.send, order(), TEN) == "ACQ.TRADE_HAS_SUCCESS"
    assert desk.totals()["2026-11-23"].payments == 1


def test_two_attempts_are_two_payments(desk, merchant):
    merchant.pay("A1", TEN)
    merchant.pay("A2", TEN)
    assert desk.totals()["2026-11-23"].paid == 24000


def test_a_closed_order_is_closed_for_good(desk, merchant):
    token = merchant.send(order(), TEN)
    desk.log_in(token, TEN)
    assert merchant.close(NUMBER, TEN)["code"] == "10000"
    assert refusal(desk.pay, token, TEN) == "ACQ.TRADE_HAS_CLOSE"
    assert refusal(merchant.send, order(), TEN) == "ACQ.TRADE_HAS_CLOSE"
    assert merchant.query(NUMBER, TEN)["trade_status"] == "TRADE_CLOSED"


def test_nothing_is_paid_from_the_deadline_on(desk, merchant):
    token = merchant.send(order(time_expire="2026-11-23 10:30:00"), TEN)
    desk.log_in(token, TEN)
    assert desk.visit(token, TEN + 30 * MINUTE - timedelta(milliseconds=1)).refused is None
    assert refusal(desk.pay, token, TEN + 30 * MINUTE) == "ACQ.TRADE_HAS_CLOSE"
    assert desk.visit(token, TEN + 30 * MINUTE).refused.sub_code == "ACQ.ORDER_TIMED_OUT"
    assert merchant.query(NUMBER, TEN + 31 * MINUTE)["trade_status"] == "TRADE_CLOSED"


def test_nor_does_a_trade_come_into_being_then(desk, merchant):
    token = merchant.send(order(time_expire="2026-11-23 10:30"), TEN)
    assert refusal(desk.log_in, token, TEN + 30 * MINUTE) == "ACQ.ORDER_TIMED_OUT"
    assert refusal(merchant.send, order(time_expire="2026-11-23 10:30"), TEN + 30 * MINUTE) == "ACQ.ORDER_TIMED_OUT"
    assert merchant.query(NUMBER, TEN + 31 * MINUTE)["sub_code"] == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize(
    ("more", "minutes"),
    [
        ({"timeout_express": "30m"}, 30),
        ({"timeout_express": "2h"}, 120),
        ({"timeout_express": "1c"}, 14 * 60 - 10),
        ({"timeout_express": "30m", "time_expire": "2026-11-23 10:25:00"}, 15),
        ({}, 15 * 24 * 60),
    ],
)
def test_a_relative_deadline_begins_at_the_log_in_and_time_expire_wins(desk, merchant, more, minutes):
    token = merchant.send(order(**more), TEN)
    begun = TEN + 10 * MINUTE
    desk.log_in(token, begun)
    assert merchant.query(NUMBER, begun + (minutes - 1) * MINUTE)["trade_status"] == "WAIT_BUYER_PAY"
    assert merchant.query(NUMBER, begun + minutes * MINUTE)["trade_status"] == "TRADE_CLOSED"


WRONG_FIELDS = [
    {"number": "A-1"}, {"number": "A" * 65}, {"number": ""}, {"number": None}, {"amount": "0"}, {"amount": "0.00"},
    {"amount": "-1.00"}, {"amount": "1e2"}, {"amount": "1.001"}, {"amount": "100000000.01"}, {"amount": 120},
    {"amount": "０.01"}, {"amount": " 1.00"}, {"subject": ""}, {"subject": "字" * 257}, {"subject": None},
    {"product_code": "QUICK_WAP_WAY"}, {"time_expire": "2026-11-31 10:00:00"}, {"time_expire": "tomorrow"},
    {"timeout_express": "1.5h"}, {"timeout_express": "16d"}, {"timeout_express": "0m"}, {"body": "x" * 129},
    {"passback_params": "x" * 513}, {"goods_type": "2"}, {"seller_id": "2088000000000098"},
]  # fmt: skip


@pytest.mark.parametrize("more", WRONG_FIELDS, ids=str)
def test_a_field_of_another_form_is_refused(merchant, more):
    assert refusal(merchant.send, order(**more), TEN) == "ACQ.INVALID_PARAMETER"


@pytest.mark.parametrize("amount", ["0.01", "1", "1.5", "100000000.00"])
def test_the_least_and_the_largest_amounts_are_taken(merchant, amount):
    merchant.send(order(amount=amount), TEN)


def test_a_phones_order_needs_its_own_product_and_a_quit_address(merchant):
    assert refusal(merchant.send, order(), TEN, "alipay.trade.wap.pay") == "ACQ.INVALID_PARAMETER"
    for quit_url in ("", "javascript:alert(1)", "/quit"):
        biz = order_on_a_phone() | {"quit_url": quit_url}
        assert refusal(merchant.send, biz, TEN, "alipay.trade.wap.pay") == "ACQ.INVALID_PARAMETER"


def test_unknown_fields_are_no_matter(merchant):
    merchant.send(order(qr_pay_mode="2", extend_params={}), TEN)

"""Query, close, refund and refund query: the happy way first, then each refusal in the vendor's words."""

from datetime import timedelta

import pytest

from baokao.sandbox.provider.alipay.wire import Refused
from tests.sandbox.provider.client import TEN, order

MINUTE = timedelta(minutes=1)


@pytest.fixture
def paid(merchant):
    merchant.pay("P1", TEN)
    return merchant


def test_a_query_by_either_number_and_trade_no_wins(paid):
    found = paid.query("P1", TEN)
    assert (found["out_trade_no"], found["total_amount"]) == ("P1", "120.00")
    assert len(found["trade_no"]) == 28
    assert paid.call("alipay.trade.query", TEN, trade_no=found["trade_no"], out_trade_no="OTHER") == found


@pytest.mark.parametrize("method", ["query", "close", "refund", "fastpay.refund.query"])
def test_a_call_without_any_number_is_refused(merchant, method):
    answer = merchant.call(f"alipay.trade.{method}", TEN, refund_amount="1.00", out_request_no="R1")
    assert answer["sub_code"] == "ACQ.INVALID_PARAMETER"


@pytest.mark.parametrize("method", ["query", "close", "refund", "fastpay.refund.query"])
def test_a_trade_that_is_none_is_refused(merchant, method):
    biz = {"out_trade_no": "NONE", "refund_amount": "1.00", "out_request_no": "R1"}
    assert merchant.call(f"alipay.trade.{method}", TEN, **biz)["sub_code"] == "ACQ.TRADE_NOT_EXIST"


def test_close_takes_a_waiting_trade_only(desk, merchant):
    desk.log_in(merchant.send(order("W1"), TEN), TEN)
    closed = merchant.close("W1", TEN)
    assert (closed["code"], closed["out_trade_no"]) == ("10000", "W1")
    assert merchant.close("W1", TEN)["sub_code"] == "ACQ.TRADE_STATUS_ERROR"


def test_close_refuses_a_paid_trade(paid):
    assert paid.close("P1", TEN)["sub_code"] == "ACQ.TRADE_STATUS_ERROR"
    assert paid.query("P1", TEN)["trade_status"] == "TRADE_SUCCESS"


def test_refunds_add_up_and_the_last_closes_the_trade(desk, paid):
    first = paid.refund("P1", "20.00", "R1", TEN)
    assert (first["code"], first["fund_change"], first["refund_fee"]) == ("10000", "Y", "20.00")
    assert paid.query("P1", TEN)["trade_status"] == "TRADE_SUCCESS"
    second = paid.refund("P1", "100.00", "R2", TEN)
    assert (second["fund_change"], second["refund_fee"]) == ("Y", "120.00")
    assert paid.query("P1", TEN)["trade_status"] == "TRADE_CLOSED"
    assert (desk.totals()["2026-11-23"].refunds, desk.totals()["2026-11-23"].net) == (2, 0)


def test_a_refund_asked_again_moves_nothing(desk, paid):
    paid.refund("P1", "120.00", "R1", TEN)
    for _ in range(3):
        again = paid.refund("P1", "120.00", "R1", TEN + MINUTE)
        assert (again["code"], again["fund_change"], again["refund_fee"]) == ("10000", "N", "120.00")
    assert desk.totals()["2026-11-23"].refunded == 12000


def test_a_request_number_with_another_amount_is_refused(paid):
    paid.refund("P1", "1.00", "R1", TEN)
    assert paid.refund("P1", "1.01", "R1", TEN)["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"


def test_more_than_the_rest_is_refused(paid):
    assert paid.refund("P1", "120.01", "R1", TEN)["sub_code"] == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    paid.refund("P1", "120.00", "R2", TEN)
    assert paid.refund("P1", "0.01", "R3", TEN)["sub_code"] == "ACQ.REASON_TRADE_REFUND_FEE_ERR"


def test_without_a_request_number_only_the_whole_is_refunded(paid):
    assert paid.refund("P1", "1.00", None, TEN)["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert paid.refund("P1", "120.00", None, TEN)["fund_change"] == "Y"
    assert paid.refund_query("P1", "P1", TEN)["refund_amount"] == "120.00"


def test_an_unpaid_trade_is_not_refunded(desk, merchant):
    desk.log_in(merchant.send(order("W1"), TEN), TEN)
    assert merchant.refund("W1", "1.00", "R1", TEN)["sub_code"] == "ACQ.TRADE_STATUS_ERROR"
    merchant.close("W1", TEN)
    assert merchant.refund("W1", "1.00", "R1", TEN)["sub_code"] == "ACQ.TRADE_STATUS_ERROR"


def test_after_the_window_a_trade_is_finished_and_not_refunded(paid):
    year = TEN + timedelta(days=365)
    assert paid.query("P1", year - MINUTE)["trade_status"] == "TRADE_SUCCESS"
    assert paid.query("P1", year)["trade_status"] == "TRADE_FINISHED"
    assert paid.refund("P1", "1.00", "R1", year)["sub_code"] == "ACQ.TRADE_HAS_FINISHED"


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1e2", 1, None, "1.001"])
def test_a_refunds_amount_of_another_form_is_refused(paid, amount):
    assert paid.refund("P1", amount, "R1", TEN)["sub_code"] == "ACQ.INVALID_PARAMETER"


def test_a_refund_query_tells_this_refunds_own_amount(paid):
    paid.refund("P1", "20.00", "R1", TEN, refund_reason="退考")
    paid.refund("P1", "30.00", "R2", TEN)
    found = paid.refund_query("P1", "R1", TEN, query_options=["gmt_refund_pay"])
    assert (found["refund_amount"], found["out_request_no"], found["refund_reason"]) == ("20.00", "R1", "退考")
    assert (found["refund_status"], found["gmt_refund_pay"]) == ("REFUND_SUCCESS", "2026-11-23 10:00:00")


def test_a_refund_that_is_none_is_answered_without_its_fields(paid):
    assert paid.refund_query("P1", "R9", TEN) == {"code": "10000", "msg": "Success"}


def test_the_books_outlive_the_process(tmp_path):
    from tests.sandbox.provider.client import Merchant, a_desk

    first = a_desk(tmp_path / "books" / "alipay.sqlite")
    Merchant(first).pay("P1", TEN)
    first.close()
    second = a_desk(tmp_path / "books" / "alipay.sqlite")
    assert Merchant(second).query("P1", TEN)["trade_status"] == "TRADE_SUCCESS"
    assert [delivery.out_trade_no for delivery in second.due(TEN)] == ["P1"]
    second.close()


def test_a_refusal_in_the_middle_leaves_nothing_behind(desk, merchant):
    merchant.pay("P1", TEN)
    before = desk.totals()
    with pytest.raises(Refused):
        desk.pay(merchant.send(order("P2", time_expire="2026-11-23 10:01:00"), TEN), TEN + 2 * MINUTE)
    assert desk.totals() == before
    assert merchant.query("P2", TEN)["sub_code"] == "ACQ.TRADE_NOT_EXIST"

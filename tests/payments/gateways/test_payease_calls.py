"""Asking PayEase, and giving money back there: only a signed answer about our own order is a fact (rules D3 to D6)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from baokao.payments.gateways.contract import Fact, LineKind, Rejected, State, Unknown
from tests.payments.gateways.payease import (
    ACCOUNT,
    MERCHANT,
    NUMBER,
    OPERATOR,
    ORDER,
    document,
    order_row,
    orders,
    payease,
    refund_row,
    refunded,
    refunds,
    refusal,
)
from tests.payments.gateways.test_payease_vectors import payment

LOST = Unknown("lost")
TWENTY = Decimal("20.00")
PAID = Fact(NUMBER, State.PAID, Decimal("120.00"), trade=ORDER)
UNSIGNED = replace(ACCOUNT, public_key=None)


def query(*said, account=ACCOUNT) -> Fact:
    return payease(*said, account=account)[0].query(NUMBER)


# Off to the bank


def test_d1_without_a_bank_the_operator_asks_for_one():
    send = payease()[0].send_off(payment(bank=""))
    assert send.url == "https://pay.payease.test/prs/user_payment.checkit"
    assert "v_pmode" not in send.fields


def test_d1_nothing_about_the_candidate_is_sent_and_nothing_but_ascii():
    send = payease()[0].send_off(payment())
    assert all(value.isascii() for value in send.fields.values())
    assert {send.fields[name] for name in ("v_rcvname", "v_rcvaddr", "v_rcvtel", "v_ordername")} == {MERCHANT}


@pytest.mark.parametrize("changes", [{"number": "20261122REG0001"}, {"number": "x"}, {"amount": Decimal("0.001")}])
def test_what_payease_would_refuse_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"number|amount"):
        payease()[0].send_off(payment(**changes))


# Asking


def test_d3_a_signed_answer_is_a_fact():
    assert query(orders(order_row())) == PAID


@pytest.mark.parametrize(
    ("status", "state"), [("1", State.PAID), ("2", State.WAITING), ("3", State.WAITING), ("9", State.WAITING)]
)
def test_d3_each_state_is_told_apart_and_none_says_that_it_will_never_be_paid(status, state):
    assert query(orders(order_row(pstatus=status))).state is state


def test_an_order_that_payease_never_heard_of_is_absent():
    assert query(orders()) == Fact(NUMBER, State.ABSENT)


def test_an_order_is_paid_if_one_of_several_payers_paid():
    assert query(orders(order_row(pstatus="3"), order_row(), order_row(pstatus="2"))) == PAID


def test_a_broken_letter_in_a_banks_name_loses_no_answer():
    assert query(orders(order_row()).replace("中国".encode("gbk"), b"\xff\x81")) == PAID


NOT_BELIEVED = {
    "refused": orders(order_row(), status="5"),
    "another merchant's": orders(order_row(), mid="889"),
    "about another order": orders(order_row(), oid="20261123-888-REG0002"),
    "another order within": orders(order_row(oid="20261123-888-REG0002")),
    "unsigned": orders(order_row(sign="")),
    "signed for another amount": orders(order_row(sign=order_row(amount="0.01")["sign"])),
    "signed for another state": orders(order_row(sign=order_row(pstatus="2")["sign"])),
    "another currency": orders(order_row(moneytype="1")),
    "an amount of another form": orders(order_row(amount="1e2")),
    "an unknown state": orders(order_row(pstatus="7")),
    "paid twice, in two amounts": orders(order_row(), order_row(amount="80.00")),
    "cut off": orders(order_row())[:-40],
    "html": b"<html><body>502 Bad Gateway</body></html>",
    "nothing": b"",
    "a document type": b'<!DOCTYPE x [<!ENTITY a "1">]>' + orders(order_row()).partition(b"?>")[2],
    "an entity": orders(order_row(pstring="&a;")),
    "an element twice": orders(order_row()).replace(b"<status>0</status>", b"<status>0</status><status>0</status>"),
    "nested without end": b"<a>" * 100_000,
    "an order within an order": document("ordermessage", {"status": "0"}, "order", [{"order": "x"}]),
}


@pytest.mark.parametrize("body", NOT_BELIEVED.values(), ids=NOT_BELIEVED)
def test_d3_b10_what_can_not_be_believed_is_unknown(body):
    with pytest.raises(Unknown):
        query(body, body)


def test_b4_control_without_the_key_file_an_unsigned_answer_is_believed_for_tls_alone():
    assert query(orders(order_row(sign="")), account=UNSIGNED) == PAID


def test_b10_a_question_is_asked_once_more_and_no_oftener():
    assert query(LOST, orders(order_row())) == PAID
    with pytest.raises(Unknown):
        query(LOST, LOST)


def test_there_is_no_close_so_closing_only_asks():
    gateway, script = payease(orders(order_row(pstatus="2")))
    assert gateway.close(NUMBER).state is State.WAITING
    assert len(script.asked) == 1
    assert not gateway.closes


# A notification, confirmed


def test_d3_what_a_notification_says_to_be_paid_is_asked_for_before_it_is_booked():
    waiting = Fact(NUMBER, State.WAITING, Decimal("120.00"))
    gateway, script = payease(orders(order_row()))
    assert gateway.confirm([PAID]) == [PAID]
    assert gateway.confirm([waiting]) == [waiting]
    assert len(script.asked) == 1


def test_a_signed_notification_needs_no_asking_where_the_setting_says_so():
    gateway, script = payease(account=replace(ACCOUNT, confirms_by_query=False))
    assert gateway.confirm([PAID]) == [PAID]
    assert script.asked == []


def test_without_the_key_file_it_is_asked_for_whatever_the_setting_says():
    gateway, script = payease(orders(), account=replace(UNSIGNED, confirms_by_query=False))
    assert [fact.state for fact in gateway.confirm([PAID])] == [State.ABSENT]
    assert len(script.asked) == 1


# Refunds


def refund(*said, account=ACCOUNT):
    gateway, script = payease(*said, account=account)
    return gateway.refund(NUMBER, "20261124R1", TWENTY, "报名费退款"), script


def test_d6_a_refund_that_is_taken_is_a_fact_with_the_operators_number():
    found, script = refund(refunded())
    expected = Fact(
        NUMBER, State.REFUNDED, trade=ORDER, refund="20261124R1", refund_amount=TWENTY, refund_trade="R2026112300000001"
    )
    assert found == expected
    [asked] = script.asked
    assert (asked["v_refamount"], asked["v_refoprt"], asked["v_refreason"]) == ("20.00", OPERATOR, "20261124R1")


@pytest.mark.parametrize("method", ["POST", "QUERY", "GET"])
def test_a_refund_goes_by_the_method_of_the_settings(method):
    found, script = refund(refunded(), account=replace(ACCOUNT, refund_method=method))
    assert isinstance(found, Fact)
    assert script.asked[0]["v_oid"] == ORDER


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(1)Invalid order number", "order"),
        ("(2)Invalid refund money", "amount"),
        ("(3)REFUND MONEY EXCEED ORDER LIMIT", "exceeds"),
        ("Fingerprint invalid.", "signature"),
        ("(5) Invalid operator", "operator"),
        ("(9)Invalid request", "address"),
        ("The service for this merchant is unavailable", "service"),
    ],
)
def test_d6_a_clear_refusal_is_told_by_its_text(text, code):
    found, _ = refund(refusal(text))
    assert isinstance(found, Rejected)
    assert (found.code, found.later) == (code, False)


def test_without_an_operator_for_refunds_nothing_is_asked():
    found, script = refund(account=replace(ACCOUNT, refund_operator=""))
    assert isinstance(found, Rejected)
    assert script.asked == []


@pytest.mark.parametrize(
    "body",
    [
        LOST,
        refusal("(10)System error", "10"),
        refusal("(11)Something new", "11"),
        refusal("Invalid refund money", ""),
        refunded(sign="00" * 128),
        refunded(refid=""),
        refunded(refamount="21.00"),
        refunded(oid="20261123-888-REG0002"),
        b"<html></html>",
        refunded()[:-30],
    ],
)
def test_d6_b8_anything_else_is_unknown_and_asked_for_only_once(body):
    with pytest.raises(Unknown):
        refund(body)  # A second question would find no answer laid down, which is no `Unknown`.


def look(*rows, known=()):
    return payease(refunds(*rows))[0].query_refund(NUMBER, "20261124R1", TWENTY, known)


def test_d6_a_refund_is_found_by_its_amount_among_those_that_we_do_not_know():
    found = look(refund_row(refid="R1"), refund_row(refid="R2", refamount="5.00"), refund_row(refid="R3"), known=["R1"])
    assert (found.refund_trade, found.refund_amount) == ("R3", TWENTY)
    assert look(refund_row(refid="R1"), known=["R1"]) is None
    assert look() is None


def test_a_refund_that_was_rejected_has_not_happened():
    assert look(refund_row(refstatus="3")) is None


@pytest.mark.parametrize("changes", [{"refstatus": "7"}, {"refid": ""}, {"refamount": "x"}])
def test_a_refund_in_a_state_or_form_that_we_do_not_know_is_unknown(changes):
    with pytest.raises(Unknown):
        look(refund_row(**changes))


# The day's lists


def test_d7_the_lists_of_a_day_make_a_bill():
    day = payment().made_at.date()
    day_rows = [order_row(), order_row(oid="20261123-888-REG0002", pstatus="3")]
    back = refund_row(oid=ORDER, amount="120.00", moneytype="0")
    gateway, script = payease(
        orders(*day_rows, oid=""),
        refunds(
            back,
            back | {"refid": "R2", "refstatus": "3"},
            back | {"refid": "R3", "refreason": "20261124ours"},
            oid="",
        ),
        account=LISTED,
    )
    lines = list(gateway.bill(day))
    assert [(line.kind, line.number, line.trade, line.refund, str(line.amount)) for line in lines] == [
        (LineKind.PAYMENT, NUMBER, ORDER, "", "120.00"),
        (LineKind.REFUND, NUMBER, ORDER, "R1", "20.00"),
        (LineKind.REFUND, NUMBER, ORDER, "20261124ours", "20.00"),
    ]
    assert [asked["v_ymd"] for asked in script.asked] == ["20261123", "20261123"]


LISTED = replace(ACCOUNT, day_lists=True)


def test_d7_without_lists_there_is_no_bill_and_no_question():
    gateway, script = payease()
    with pytest.raises(Unknown, match="upload"):
        list(gateway.bill(payment().made_at.date()))
    assert script.asked == []

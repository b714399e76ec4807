"""Asking Alipay, closing and refunding: only a signed answer about our own trade is a fact (rules D3 to D6)."""

from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from baokao.core import clock
from baokao.payments.gateways.alipay import answers, signing
from baokao.payments.gateways.contract import Fact, Rejected, State, Unknown
from tests.payments.gateways.alipay import (
    ACCOUNT,
    CASES,
    NUMBER,
    OURS,
    TRADE,
    Script,
    alipay,
    answer,
    done,
    refusal,
)

QUERY, CLOSE, REFUND = "alipay.trade.query", "alipay.trade.close", "alipay.trade.refund"
REFUND_QUERY = "alipay.trade.fastpay.refund.query"
TRADE_FIELDS = {"out_trade_no": NUMBER, "trade_no": TRADE, "total_amount": "120.00"}
PAID = done(QUERY, **TRADE_FIELDS, trade_status="TRADE_SUCCESS", send_pay_date="2026-11-23 09:31:10")
WAITING = done(QUERY, **TRADE_FIELDS, trade_status="WAIT_BUYER_PAY")
REFUNDED = done(REFUND_QUERY, **TRADE_FIELDS, out_request_no="R1", refund_amount="20.00")
LOST = Unknown("lost")


def query(*said: bytes | Unknown) -> Fact:
    return alipay(Script(*said)).query(NUMBER)


def test_d3_a_signed_answer_is_a_fact():
    found = query(PAID)
    assert (found.number, found.state, found.amount, found.trade) == (NUMBER, State.PAID, Decimal("120.00"), TRADE)
    assert found.paid_at is not None
    assert query(CASES["resp"]["http_body"].encode()) == found


def test_a_question_is_signed_and_keeps_everything_out_of_the_address():
    script = Script(PAID)
    alipay(script).query(NUMBER)
    [asked] = script.asked
    assert signing.verifies(signing.joined(asked, ("sign",)), asked["sign"], [OURS.public_key()])
    assert (asked["method"], script.contents) == (QUERY, [{"out_trade_no": NUMBER}])
    assert asked["timestamp"][:10] == clock.local(clock.now()).date().isoformat()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"trade_status": "TRADE_FINISHED"}, State.PAID),
        ({"trade_status": "WAIT_BUYER_PAY"}, State.WAITING),
        ({"trade_status": "TRADE_CLOSED"}, State.CLOSED),
        ({"trade_status": "TRADE_CLOSED", "send_pay_date": "2026-11-23 09:31:10"}, State.REFUNDED),
    ],
)
def test_d3_each_state_is_told_apart(fields, state):
    assert query(done(QUERY, **TRADE_FIELDS, **fields)).state is state


def test_a_trade_that_alipay_never_heard_of_is_absent():
    assert query(refusal(QUERY, "ACQ.TRADE_NOT_EXIST")) == Fact(NUMBER, State.ABSENT)


def test_braces_and_marks_within_values_do_not_mislead():
    tricky = '}{"sign":"x"}\\",'
    assert query(done(QUERY, **TRADE_FIELDS, trade_status="TRADE_SUCCESS", subject=tricky)).state is State.PAID


GENUINE = {"code": "10000", **TRADE_FIELDS, "trade_status": "TRADE_SUCCESS"}
NOT_BELIEVED = {
    "unsigned": answer(QUERY, GENUINE, key=None),
    "signed by another": answer(QUERY, GENUINE, key=rsa.generate_private_key(65537, 2048)),
    "signed by ourselves": answer(QUERY, GENUINE, key=OURS),
    "changed afterwards": PAID.replace(b'"120.00"', b'"120.01"'),
    "written anew": PAID.replace(b'"10000", ', b'"10000",'),
    "another method's": PAID.replace(b"trade_query", b"trade_close"),
    "another trade's": done(QUERY, **TRADE_FIELDS | {"out_trade_no": "X1"}, trade_status="TRADE_SUCCESS"),
    "twice the same member": PAID[:-1] + b"," + PAID[1:],
    "with something behind": PAID + b"{}",
    "cut off": PAID[:-20],
    "cut off before the signature": PAID[: PAID.rindex(b',"sign"')] + b"}",
    "no object": b'"alipay_trade_query_response"',
    "nested without end": b"[" * 200_000,
    "a signature that is no text": PAID[: PAID.rindex(b'"sign":')] + b'"sign":{}}',
    "HTML": b"<html><body>502 Bad Gateway</body></html>",
    "GBK": PAID.replace(b"Success", "成功".encode("gbk")),
    "nothing": b"",
    "no amount": done(QUERY, out_trade_no=NUMBER, trade_status="TRADE_SUCCESS"),
    "an amount of another form": done(QUERY, **TRADE_FIELDS | {"total_amount": "1e2"}, trade_status="TRADE_SUCCESS"),
    "an amount that is a number": done(QUERY, **TRADE_FIELDS | {"total_amount": 120}, trade_status="TRADE_SUCCESS"),
    "an unknown state": done(QUERY, **TRADE_FIELDS, trade_status="TRADE_PENDING"),
    "our own fault": refusal(QUERY, "ACQ.INVALID_PARAMETER"),
    "a fault of theirs": refusal(QUERY, "ACQ.SYSTEM_ERROR"),
    "not available": refusal(QUERY, "isp.unknow-error", code="20000"),
    "an unsigned error": b'{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}',
}


@pytest.mark.parametrize("body", NOT_BELIEVED.values(), ids=NOT_BELIEVED)
def test_b4_an_answer_that_proves_nothing_is_unknown(body):
    with pytest.raises(Unknown):
        query(body, body)


@pytest.mark.parametrize("name", ["unsigned", "signed by another", "changed afterwards"])
def test_b4_control_without_the_signature_it_would_be_a_fact(name, monkeypatch):
    monkeypatch.setattr(signing, "verifies", lambda *args: True)
    body = NOT_BELIEVED[name] if name != "unsigned" else NOT_BELIEVED[name][:-1] + b',"sign":""}'
    assert query(body).state is State.PAID


def test_an_error_of_the_gateway_names_its_code_for_the_operator():
    with pytest.raises(Unknown, match=r"40002 isv\.invalid-app-id"):
        answers.read(ACCOUNT, QUERY, NOT_BELIEVED["an unsigned error"])


def test_a_question_is_asked_once_more_and_no_oftener():
    assert query(LOST, PAID).state is State.PAID
    script = Script(LOST, LOST, PAID)
    with pytest.raises(Unknown):
        alipay(script).query(NUMBER)
    assert len(script.asked) == 2


def close(*said: bytes | Unknown) -> Fact:
    return alipay(Script(*said)).close(NUMBER)


def test_d5_an_unpaid_trade_is_closed():
    assert close(done(CLOSE, out_trade_no=NUMBER, trade_no=TRADE)) == Fact(NUMBER, State.CLOSED, trade=TRADE)


def test_d5_a_trade_that_does_not_exist_is_absent_and_not_closed():
    assert close(refusal(CLOSE, "ACQ.TRADE_NOT_EXIST")).state is State.ABSENT


@pytest.mark.parametrize("problem", ["ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID"])
def test_d5_a_trade_that_was_just_paid_is_told_as_paid(problem):
    assert close(refusal(CLOSE, problem), PAID).state is State.PAID
    with pytest.raises(Unknown):
        close(refusal(CLOSE, problem), WAITING)


@pytest.mark.parametrize("problem", ["ACQ.SYSTEM_ERROR", "ACQ.INVALID_PARAMETER"])
def test_d5_a_close_without_a_clear_answer_is_unknown(problem):
    with pytest.raises(Unknown):
        close(refusal(CLOSE, problem), refusal(CLOSE, problem))
    with pytest.raises(Unknown):
        close(*[done(CLOSE, out_trade_no="X1", trade_no=TRADE)] * 2)


def refund(*said: bytes | Unknown, script: Script | None = None) -> Fact | Rejected:
    return alipay(script or Script(*said)).refund(NUMBER, "R1", Decimal("20"), "重复支付/退款")


def moved(change: str | None, total: str = "35.00") -> bytes:
    more = {"fund_change": change} if change else {}
    return done(REFUND, out_trade_no=NUMBER, trade_no=TRADE, refund_fee=total, **more)


def test_d6_a_refund_that_moved_money_is_a_fact():
    script = Script(moved("Y"))
    found = refund(script=script)
    assert isinstance(found, Fact)
    assert (found.state, found.refund, found.refund_amount) == (State.REFUNDED, "R1", Decimal("20"))
    assert found.refunded == Decimal("35.00")
    assert script.contents == [
        {"out_trade_no": NUMBER, "out_request_no": "R1", "refund_amount": "20.00", "refund_reason": "重复支付／退款"}
    ]


@pytest.mark.parametrize("change", ["N", None])
def test_d6_done_alone_is_no_refund_it_is_asked_about(change):
    found = refund(moved(change), REFUNDED)
    assert isinstance(found, Fact)
    assert (found.refund, found.refund_amount, found.refunded) == ("R1", Decimal("20.00"), None)
    with pytest.raises(Unknown):
        refund(moved(change), done(REFUND_QUERY))


def test_d6_a_refund_is_never_repeated_by_itself():
    for said in (LOST, refusal(REFUND, "ACQ.SYSTEM_ERROR"), refusal(REFUND, "isp.unknow-error", "20000"), b"<html>"):
        script = Script(said, moved("Y"))
        with pytest.raises(Unknown):
            refund(script=script)
        assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("problem", "later"),
    [
        ("ACQ.SELLER_BALANCE_NOT_ENOUGH", True),
        ("ACQ.REASON_TRADE_BEEN_FREEZEN", True),
        ("ACQ.REASON_TRADE_REFUND_FEE_ERR", False),
        ("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", False),
        ("ACQ.TRADE_NOT_EXIST", False),
        ("ACQ.TRADE_HAS_FINISHED", False),
        ("ACQ.DISCORDANT_REPEAT_REQUEST", False),
        ("ACQ.INVALID_PARAMETER", False),
    ],
)
def test_d6_a_refused_refund_says_why_and_whether_to_try_later(problem, later):
    assert refund(refusal(REFUND, problem)) == Rejected(problem, "说明", later)


@pytest.mark.parametrize("problem", ["ACQ.TRADE_STATUS_ERROR", "ACQ.TRADE_NOT_ALLOW_REFUND"])
def test_d6_what_cant_be_refunded_now_may_have_been_by_a_call_whose_answer_was_lost(problem):
    found = refund(refusal(REFUND, problem), REFUNDED)
    assert isinstance(found, Fact)
    assert (found.refund, found.refund_amount) == ("R1", Decimal("20.00"))
    assert refund(refusal(REFUND, problem), done(REFUND_QUERY)) == Rejected(problem, "说明", later=False)
    with pytest.raises(Unknown):
        refund(refusal(REFUND, problem), LOST, LOST)


def test_d6_a_refund_in_excess_of_calls_may_be_tried_later():
    assert refund(answer(REFUND, {"code": "40005"})) == Rejected("40005", "", later=True)


def query_refund(*said: bytes | Unknown) -> Fact | None:
    return alipay(Script(*said)).query_refund(NUMBER, "R1", Decimal("20"))


def test_d6_a_refund_is_asked_about_by_its_number():
    found = query_refund(REFUNDED)
    assert found is not None
    assert (found.state, found.refund, found.refund_amount) == (State.REFUNDED, "R1", Decimal("20.00"))


@pytest.mark.parametrize("problem", [None, "TRADE_NOT_EXIST", "ACQ.TRADE_NOT_EXIST"])
def test_d6_a_refund_that_alipay_does_not_have_is_none(problem):
    assert query_refund(refusal(REFUND_QUERY, problem) if problem else done(REFUND_QUERY)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"out_request_no": "R2"},
        {"refund_amount": "20.01"},
        {"refund_amount": "1e1"},
        {"out_trade_no": "X1"},
        {"refund_status": "REFUND_PROCESSING"},
    ],
)
def test_d6_a_refund_that_is_another_or_not_settled_is_unknown(changes):
    said = done(REFUND_QUERY, **TRADE_FIELDS | {"out_request_no": "R1", "refund_amount": "20.00"} | changes)
    with pytest.raises(Unknown):
        query_refund(said, said)

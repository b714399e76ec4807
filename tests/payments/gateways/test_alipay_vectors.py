"""The published vectors, both ways to the byte: made with two libraries of others, so that no fault of ours hides."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

import pytest

from baokao.core.zone import SHANGHAI
from baokao.payments.gateways.alipay import answers, messages, parameters, requests, signing
from baokao.payments.gateways.contract import Message, Rejected, State
from tests.payments.gateways.alipay import ACCOUNT, CASES, NUMBER, OURS, THEIRS, VECTORS, notification

KEYS = {"app": OURS, "gateway": THEIRS}
FORMS = ["page", "query", "notify", "ret"]


@pytest.mark.parametrize("case", FORMS)
def test_the_text_and_the_signature_are_the_vectors(case):
    case = CASES[case]
    text = signing.joined(case["params"], case["excluded_from_string"])
    assert text == case["string_to_sign"]
    assert signing.sign(text, KEYS[case["signed_by"]]) == case["sign"]
    assert signing.verifies(text, case["sign"], [KEYS[case["signed_by"]].public_key()])


@pytest.mark.parametrize(("case", "wire"), [("page", "as_get_query"), ("query", "as_get_query")])
def test_the_address_is_the_vectors(case, wire):
    case = CASES[case]
    signed = case["params"] | {"sign": case["sign"]}
    assert urlencode(signed) == case[wire]


@pytest.mark.parametrize(("case", "wire"), [("notify", "as_post_body"), ("ret", "as_query"), ("page", "as_get_query")])
def test_what_is_on_the_wire_is_read_as_the_vectors(case, wire):
    case = CASES[case]
    assert parameters.read(case[wire].encode()) == case["params"] | {"sign": case["sign"]}


def test_a_request_is_signed_as_the_query_vector_is():
    at = datetime(2026, 11, 23, 9, 35, tzinfo=SHANGHAI)
    made = requests.signed(ACCOUNT, "alipay.trade.query", {"out_trade_no": NUMBER}, at)
    assert urlencode(made) == CASES["query"]["as_get_query"]


def test_the_notification_is_believed():
    [fact] = messages.read_notification(ACCOUNT, notification(CASES["notify"]["as_post_body"].encode()))
    assert (fact.number, fact.state, str(fact.amount)) == (NUMBER, State.PAID, "120.00")
    assert fact.trade == "2026112322001400110000000001"
    assert fact.paid_at == datetime(2026, 11, 23, 9, 31, 10, tzinfo=SHANGHAI)


def test_the_return_is_believed():
    message = Message("GET", CASES["ret"]["as_query"].encode(), b"")
    assert messages.read_return(ACCOUNT, message) == NUMBER


def test_the_answer_is_cut_out_and_believed():
    answer = answers.read(ACCOUNT, "alipay.trade.query", CASES["resp"]["http_body"].encode())
    assert answer.done
    assert answer.text("trade_status") == "TRADE_SUCCESS"


@pytest.mark.parametrize("case", VECTORS["negative"], ids=lambda case: case["id"])
def test_b4_the_negative_vectors_are_refused_without_an_exception(case):
    fields = dict(CASES[case["based_on"]]["params"]) | case["change"]
    if "sign" in case:
        sign = case["sign"]
    else:
        # The text with sign_type kept in it.
        sign = signing.sign(signing.joined(fields, without=()), THEIRS)
    refused = messages.read_notification(ACCOUNT, notification(fields | {"sign": sign}))
    assert isinstance(refused, Rejected)
    assert refused.code == "signature"


def test_the_vectors_name_each_way_that_is_tested_here():
    assert set(CASES) == {*FORMS, "resp"}
    assert dict(parse_qsl(CASES["page"]["as_get_query"]))["sign"] == CASES["page"]["sign"]

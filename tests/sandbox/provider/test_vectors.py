"""The provider against the vectors, byte for byte: they were made by the vendor's own SDK."""

from datetime import datetime
from urllib.parse import parse_qsl

import pytest

from baokao.sandbox.provider.alipay import rsa2, wire
from tests.sandbox.provider.client import (
    APP_KEY,
    BEIJING,
    CASES,
    GATEWAY_KEY,
    VECTORS,
    a_desk,
    order,
    query_of,
    read_answer,
    signed,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-23 {text}").replace(tzinfo=BEIJING)


@pytest.mark.parametrize("case", ["page", "query"])
def test_a_request_has_the_string_and_signature_of_the_vector(case):
    vector = CASES[case]
    assert rsa2.text_of_request(vector["params"]) == vector["string_to_sign"]
    assert rsa2.sign(vector["string_to_sign"], APP_KEY) == vector["sign"]
    sent = dict(parse_qsl(vector["as_get_query"]))
    assert rsa2.verifies(rsa2.text_of_request(sent), sent["sign"], APP_KEY.public_key())


@pytest.mark.parametrize(("case", "wire_form"), [("notify", "as_post_body"), ("ret", "as_query")])
def test_a_message_has_the_bytes_of_the_vector(case, wire_form):
    vector = CASES[case]
    params = {name: value for name, value in vector["params"].items() if name != "sign_type"}
    assert rsa2.text_of_message(vector["params"]) == vector["string_to_sign"]
    assert wire.encoded(wire.signed_pairs(params, GATEWAY_KEY)) == vector[wire_form]


@pytest.mark.parametrize("negative", VECTORS["negative"], ids=lambda negative: negative["id"])
def test_what_must_fail_fails_without_an_exception(negative):
    based = CASES[negative["based_on"]]
    params = based["params"] | negative["change"]
    if "sign" in negative:
        text, signature = rsa2.text_of_message(params), negative["sign"]
    else:
        text, signature = rsa2.text_of_message(params), rsa2.sign(rsa2.text_of_request(params), GATEWAY_KEY)
    assert not rsa2.verifies(text, signature, GATEWAY_KEY.public_key())


def test_the_vectors_story_told_by_the_provider_itself():
    """The vector's order is sent, paid, notified, returned and asked at its moments: every byte is the vector's."""
    desk = a_desk()
    pairs = tuple(parse_qsl(CASES["page"]["as_get_query"]))
    plain = desk.arrive(pairs, at("09:30:00"))
    assert desk.visit(plain, at("09:30:00")).refused is None

    # The notification's vector has passback_params, which the request's has not.
    more = {"notify_url": CASES["page"]["params"]["notify_url"], "return_url": CASES["page"]["params"]["return_url"]}
    biz = order(timeout_express="30m", passback_params=CASES["notify"]["params"]["passback_params"])
    token = desk.arrive(signed("alipay.trade.page.pay", biz, at("09:30:00"), **more), at("09:30:00"))
    desk.log_in(token, at("09:31:02"))
    desk.pay(token, at("09:31:10"))
    (delivery,) = desk.due(at("09:31:11"))
    assert delivery.url == more["notify_url"]
    assert delivery.body.decode() == CASES["notify"]["as_post_body"]
    assert desk.way_back(token, at("09:31:12")) == f"{more['return_url']}?{CASES['ret']['as_query']}"

    answer = desk.gateway(tuple(parse_qsl(CASES["query"]["as_get_query"])), at("09:35:00"))
    assert answer.body.decode() == CASES["resp"]["http_body"]
    assert read_answer(answer.body)[1]


def test_the_hand_written_merchant_signs_as_the_vector():
    vector = CASES["query"]
    params = vector["params"]
    pairs = signed(params["method"], params["biz_content"], at("09:35:00"), format="json")
    assert dict(pairs)["sign"] == vector["sign"]
    assert dict(parse_qsl(query_of(pairs))) == dict(pairs)

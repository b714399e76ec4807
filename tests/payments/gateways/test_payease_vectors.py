"""PayEase's published vectors, both ways to the byte: made with libraries of others, so that no fault of ours hides."""

from datetime import datetime
from decimal import Decimal

import pytest

from baokao.config.rsa import numbered_key
from baokao.core.zone import SHANGHAI
from baokao.payments.gateways.contract import Fact, Message, Payment, State
from baokao.payments.gateways.payease import digests, messages, requests
from tests.payments.gateways.payease import ACCOUNT, KEY, NUMBER, ORDER, PUBLIC_KEY, VECTORS, orders, payease, sign

RETURNS, NOTIFICATIONS = VECTORS["browser_return"], VECTORS["notification"]
WIRES = ["query_variant_A", "query_variant_B"]
MADE_AT = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)


def payment(**changes) -> Payment:
    usual = {
        "number": NUMBER,
        "amount": Decimal("120.00"),
        "subject": "CET考试报名费",
        "made_at": MADE_AT,
        "expires_at": MADE_AT,
        "return_url": "http://exam.example/pay/payease/return",
        "notify_url": "http://exam.example/pay/notify/payease/",
        "on_phone": False,
        "bank": "9",
    }
    return Payment(**usual | changes)


def test_the_form_is_the_vectors():
    send = requests.send_off(ACCOUNT, payment())
    vector = VECTORS["payment_request"]
    assert send.fields == vector["fields"] | {"v_md5info": vector["v_md5info"]}
    assert send.url == "https://pay.payease.test/customer/gb/pay_bank.jsp"


def test_the_shortest_checks_of_the_protocols_page():
    key = KEY.encode()
    text = "020261123120.0088820261123-888-REG0001888http://exam.example/pay/payease/return"
    assert digests.mac(key, text) == "558a42c19f2fd2e9c4204d614857b93f"
    assert digests.mac(key, "120.00", "0") == "a0a85336f8b556f8938dea0dfa28a1fa"


@pytest.mark.parametrize("name", ["order_query", "refund_submit", "refund_query", "refund_query_by_day"])
def test_the_digests_of_our_questions_are_the_vectors(name):
    vector = VECTORS[name]
    assert "".join(vector["fields"].values()) == vector["string"]
    assert digests.mac(KEY.encode(), *vector["fields"].values()) == vector["v_mac"]


@pytest.mark.parametrize("case", RETURNS)
@pytest.mark.parametrize("wire", WIRES)
def test_each_return_is_believed_in_both_variants(case, wire):
    assert messages.read_return(ACCOUNT, Message("GET", RETURNS[case][wire].encode(), b"")) == NUMBER


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_notification_is_believed_in_both_variants_by_get_and_by_post(wire, method):
    raw = NOTIFICATIONS["one_paid"][wire].encode()
    message = Message("GET", raw, b"") if method == "GET" else Message("POST", b"", raw)
    assert messages.read_notification(ACCOUNT, message) == [Fact(NUMBER, State.PAID, Decimal("120.00"), trade=ORDER)]


@pytest.mark.parametrize("wire", WIRES)
def test_d4_one_notification_tells_of_two_orders(wire):
    raw = NOTIFICATIONS["two_orders_one_rejected"][wire].encode()
    assert messages.read_notification(ACCOUNT, Message("GET", raw, b"")) == [
        Fact(NUMBER, State.PAID, Decimal("120.00"), trade=ORDER),
        Fact("20261123REG0002", State.WAITING, Decimal("80.00"), trade="20261123-888-REG0002"),
    ]


SIGNED = [RETURNS[case]["v_sign"] for case in RETURNS]
SIGNED += [NOTIFICATIONS[case]["v_sign"] for case in NOTIFICATIONS]
SIGNED += [VECTORS["order_query"]["response_sign"], VECTORS["refund_submit"]["response_sign"]]


@pytest.mark.parametrize("vector", SIGNED, ids=lambda vector: vector["string"][:40])
def test_each_signature_is_the_vectors_and_believed(vector):
    assert sign(vector["string"]) == vector["sign"]
    assert digests.signed(PUBLIC_KEY, vector["sign"], vector["string"])
    assert digests.signed(PUBLIC_KEY, vector["sign"].upper(), vector["string"])
    assert not digests.signed(PUBLIC_KEY, vector["sign"], vector["string"] + "0")


def test_the_key_file_is_read_as_the_vectors_key():
    text = VECTORS["rsa_key_for_v_sign"]["public_key_file_text"]
    found = numbered_key("K", {"K": text})
    assert found is not None
    assert found.public_numbers() == PUBLIC_KEY.public_numbers()


def test_an_order_is_asked_for_with_the_vectors_digest():
    gateway, script = payease(orders())
    assert gateway.query(NUMBER).state is State.ABSENT
    assert script.asked == [VECTORS["order_query"]["fields"] | {"v_mac": VECTORS["order_query"]["v_mac"]}]

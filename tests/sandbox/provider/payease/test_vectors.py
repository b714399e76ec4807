"""The provider against the vectors, byte for byte."""

import pytest

from baokao.sandbox.provider.payease import digests
from tests.sandbox.provider.client import TEN
from tests.sandbox.provider.payease.client import (
    KEY,
    NOTIFY,
    RETURN,
    SIGN_KEY,
    VECTORS,
    a_desk,
    mac,
    order,
    query_of,
    read_xml,
    told,
)

ASKED = ("order_query", "refund_submit", "refund_query", "refund_query_by_day")


def test_s3_the_requests_digest_and_its_vector_opens_the_cashier():
    vector = VECTORS["payment_request"]
    fields = vector["fields"]
    assert "".join(fields[name] for name in vector["order_of_string"]) == vector["string"]
    assert digests.mac(KEY, vector["string"]) == vector["v_md5info"] == order()["v_md5info"]
    token = a_desk().arrive("pay_bank.jsp", tuple((fields | {"v_md5info": vector["v_md5info"]}).items()), TEN)
    assert len(token) == 32


@pytest.mark.parametrize("name", ASKED)
def test_s3_a_calls_v_mac(name):
    vector = VECTORS[name]
    assert digests.mac(KEY, *vector["fields"].values()) == vector["v_mac"] == mac(vector["string"])


@pytest.mark.parametrize("variant", ["A", "B"])
@pytest.mark.parametrize(("deed", "case"), [("pay", "success_20"), ("refuse", "failed_30"), ("submit", "submitted_1")])
def test_s4_the_browsers_return(deed, case, variant):
    desk = a_desk(variant=variant)
    token = desk.arrive("pay_bank.jsp", tuple(order(v_pmode="9").items()), TEN)
    getattr(desk, deed)(token, TEN)
    assert desk.way_back(token, TEN) == f"{RETURN}?{VECTORS['browser_return'][case][f'query_variant_{variant}']}"


@pytest.mark.parametrize("variant", ["A", "B"])
def test_s5_a_notification_of_one_order(variant):
    desk = a_desk(variant=variant)
    desk.pay(desk.arrive("pay_bank.jsp", tuple(order(v_pmode="9").items()), TEN), TEN)
    (delivery,) = desk.due(TEN)
    assert delivery.body is None
    assert delivery.url == f"{NOTIFY}?{VECTORS['notification']['one_paid'][f'query_variant_{variant}']}"


@pytest.mark.parametrize("variant", ["A", "B"])
def test_s5_a_notification_of_two_orders_of_which_one_is_rejected(variant):
    desk = a_desk(variant=variant, joins=True)
    desk.pay(desk.arrive("user_payment.checkit", tuple(order().items()), TEN), TEN, bank="9")
    other = order("20261123-888-REG0002", "80.00")
    desk.refuse(desk.arrive("user_payment.checkit", tuple(other.items()), TEN), TEN, bank="3")
    (delivery,) = desk.due(desk.next_due())
    assert query_of(delivery) == VECTORS["notification"]["two_orders_one_rejected"][f"query_variant_{variant}"]


def test_s6_the_sign_of_a_queried_order():
    desk, vector = a_desk(), VECTORS["order_query"]
    desk.pay(desk.arrive("user_payment.checkit", tuple(order().items()), TEN), TEN)
    answer = desk.call("query", tuple((vector["fields"] | {"v_mac": vector["v_mac"]}).items()), TEN)
    (row,) = read_xml(answer.body).find("messagebody")
    assert told(row)["sign"] == vector["response_sign"]["sign"]


def test_s7_the_refunds_answer_with_its_number_and_sign():
    desk, vector = a_desk(), VECTORS["refund_submit"]
    desk.pay(desk.arrive("user_payment.checkit", tuple(order().items()), TEN), TEN)
    answer = desk.call("refund", tuple((vector["fields"] | {"v_mac": vector["v_mac"]}).items()), TEN)
    found = told(read_xml(answer.body))
    assert {name: found[name] for name in vector["response_sign"]["fields"]} == vector["response_sign"]["fields"]
    assert found["sign"] == vector["response_sign"]["sign"]


def test_s3_2_the_key_files_text():
    assert a_desk().key_file() == VECTORS["rsa_key_for_v_sign"]["public_key_file_text"]
    assert digests.key_file(SIGN_KEY.public_key()).startswith("m=")

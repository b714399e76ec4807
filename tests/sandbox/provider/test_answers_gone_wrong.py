"""Every fault of an answer: what is done, what is said, and how the line ends."""

import json

import pytest

from tests.sandbox.provider.client import TEN, read_answer, signed

REFUND = "alipay.trade.refund"
BIZ = {"out_trade_no": "P1", "refund_amount": "120.00", "out_request_no": "R1"}


@pytest.fixture
def refunding(desk, merchant):
    """Arm a fault for the next refund and ask for it; the answer, and whether money moved."""
    merchant.pay("P1", TEN)

    def refund(name, **more):
        desk.arm(REFUND, name, **more)
        answer = desk.gateway(signed(REFUND, BIZ, TEN), TEN)
        return answer, merchant.query("P1", TEN)["trade_status"] == "TRADE_CLOSED"

    return refund


def test_control_without_a_fault_the_answer_is_good(desk, merchant):
    merchant.pay("P1", TEN)
    assert merchant.call(REFUND, TEN, **BIZ)["fund_change"] == "Y"


@pytest.mark.parametrize("after", [False, True])
def test_down(refunding, after):
    answer, moved = refunding("down", after=after, seconds=2)
    assert (answer.mishap.kind, answer.mishap.seconds) == ("drop", 2)
    assert moved is after


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("name", "status"), [("500", 500), ("html", 200)])
def test_a_page_instead_of_an_answer(refunding, name, status, after):
    answer, moved = refunding(name, after=after)
    assert answer.status == status
    assert answer.body.startswith(b"<")
    assert moved is after


@pytest.mark.parametrize("after", [False, True])
def test_service_unavailable(refunding, after):
    answer, moved = refunding("unavailable", after=after)
    fields, good = read_answer(answer.body)
    assert (fields["code"], fields["sub_code"], good) == ("20000", "isp.unknow-error", True)
    assert moved is after


@pytest.mark.parametrize("sub_code", ["ACQ.SYSTEM_ERROR", "ACQ.SELLER_BALANCE_NOT_ENOUGH"])
def test_refused_in_any_words(refunding, sub_code):
    answer, moved = refunding("refuse", sub_code=sub_code)
    fields, good = read_answer(answer.body)
    assert (fields["code"], fields["sub_code"], good) == ("40004", sub_code, True)
    assert not moved


@pytest.mark.parametrize(("name", "kind"), [("slow", "late"), ("half", "half")])
def test_late_and_half_answers_after_the_deed(refunding, name, kind):
    answer, moved = refunding(name, seconds=1)
    assert answer.mishap.kind == kind
    assert read_answer(answer.body)[1]
    assert moved


@pytest.mark.parametrize("name", ["bad-signature", "other-key", "sha1", "unsigned"])
def test_signed_wrongly(refunding, name):
    answer, moved = refunding(name)
    fields, good = read_answer(answer.body)
    assert fields["fund_change"] == "Y"
    assert not good
    assert ("sign" in json.loads(answer.body)) is (name != "unsigned")
    assert moved


def test_without_fund_change(refunding):
    answer, moved = refunding("no-fund-change")
    fields, good = read_answer(answer.body)
    assert "fund_change" not in fields
    assert good
    assert moved


@pytest.mark.parametrize(("name", "field", "value"), [
    ("wrong-amount", "refund_fee", "120.01"), ("other-order", "out_trade_no", "P1X"),
])  # fmt: skip
def test_signed_well_but_wrong(refunding, name, field, value):
    fields, good = read_answer(refunding(name)[0].body)
    assert (fields[field], good) == (value, True)


def test_after_a_lost_answer_the_same_call_moves_nothing_more(desk, merchant, refunding):
    refunding("down", after=True)
    again = merchant.call(REFUND, TEN, **BIZ)
    assert (again["fund_change"], again["refund_fee"]) == ("N", "120.00")
    assert desk.totals()["2026-11-23"].refunded == 12000


def test_faults_are_used_up_in_their_order_and_only_by_their_method_and_order(desk, merchant):
    merchant.pay("P1", TEN)
    desk.arm("alipay.trade.query", "500", times=2, out_trade_no="P1")
    assert merchant.query("P2", TEN)["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    asked = [desk.gateway(signed("alipay.trade.query", {"out_trade_no": "P1"}, TEN), TEN).status for _ in range(3)]
    assert asked == [500, 500, 200]


def test_disarmed_nothing_goes_wrong(desk, merchant):
    merchant.pay("P1", TEN)
    desk.arm("*", "500", times=9)
    desk.disarm()
    assert merchant.query("P1", TEN)["code"] == "10000"


def test_any_method_means_any(desk, merchant):
    desk.arm("*", "500", times=2)
    methods = ("alipay.trade.query", "alipay.trade.close", "alipay.trade.query")
    asked = [desk.gateway(signed(method, {"out_trade_no": "P1"}, TEN), TEN).status for method in methods]
    assert asked == [500, 500, 200]


@pytest.mark.parametrize("more", [{"name": "nonsense"}, {"name": "duplicate"}, {"name": "500", "times": 0}])
def test_a_fault_that_means_nothing_is_refused(desk, more):
    with pytest.raises(ValueError, match="there are"):
        desk.arm(REFUND, **more)

"""An order at the bank: paid, refused, submitted; and how the browser comes back (§4) and the query tells it (§6)."""

import pytest

from baokao.sandbox.provider.payease.wire import Unpayable
from tests.sandbox.provider.client import TEN
from tests.sandbox.provider.payease.client import GOOD, MINUTE, OID, RETURN, fields_of, is_message, order


def back(desk, token, now=TEN, variant="A"):
    """The fields with which the browser returns, all digests good."""
    place, _, query = desk.way_back(token, now).partition("?")
    assert place == RETURN
    assert is_message(query, notification=False, variant=variant) == GOOD
    return fields_of(query, variant)


def test_paid(desk, merchant):
    token = merchant.send(order(v_pmode="85"), TEN, "pay_bank.jsp")
    assert desk.way_back(token, TEN) == ""
    assert merchant.states(OID, TEN) == ["2"]
    assert desk.pay(token, TEN) == OID
    found = back(desk, token)
    assert (found["v_pstatus"], found["v_pstring"], found["v_pmode"]) == ("20", "支付完成", "中国银行")
    assert merchant.states(OID, TEN) == ["1"]
    assert desk.totals()["2026-11-23"].paid == 12000


def test_refused_and_tried_again_the_query_tells_both(desk, merchant):
    token = merchant.send(order(), TEN)
    desk.refuse(token, TEN, bank="3")
    assert back(desk, token)["v_pstatus"] == "30"
    assert merchant.states(OID, TEN) == ["3"]
    desk.pay(token, TEN, bank="4")
    _, rows = merchant.query(OID, TEN)
    told = [(row["orderindex"], row["pmode"], row["pstatus"]) for row in rows]
    assert told == [("1", "招商银行", "3"), ("2", "中国建设银行", "1")]
    assert back(desk, token)["v_pstatus"] == "20"


def test_submitted_pays_a_minute_later(desk, merchant):
    token = merchant.send(order(), TEN)
    desk.submit(token, TEN, bank="9")
    # The trap of the two enumerations: 1 is "submitted" here and "paid" everywhere else.
    assert back(desk, token)["v_pstatus"] == "1"
    assert merchant.states(OID, TEN) == ["9"]
    assert desk.due(TEN) == []
    assert desk.next_due() == TEN + MINUTE
    assert merchant.states(OID, TEN + MINUTE) == ["1"]
    assert len(desk.due(TEN + MINUTE)) == 1
    assert back(desk, token, TEN + MINUTE)["v_pstatus"] == "20"


def test_the_turn_of_the_clock_alone_pays_what_was_submitted(desk, merchant):
    desk.submit(merchant.send(order(), TEN), TEN)
    (delivery,) = desk.due(desk.next_due())
    assert delivery.orders == (OID,)


@pytest.mark.parametrize("first", ["pay", "submit"])
@pytest.mark.parametrize("second", ["pay", "refuse", "submit"])
def test_what_was_paid_or_submitted_is_not_tried_again(desk, merchant, first, second):
    token = merchant.send(order(), TEN)
    getattr(desk, first)(token, TEN)
    with pytest.raises(Unpayable):
        getattr(desk, second)(token, TEN)
    assert merchant.states(OID, TEN + MINUTE) == ["1"]
    assert desk.totals()["2026-11-23"].payments == 1


def test_a_late_payment_cannot_be_prevented(desk, merchant):
    """There is no close, and no deadline known: who left the page open pays days later."""
    token = merchant.send(order(), TEN)
    desk.pay(token, TEN + 3000 * MINUTE)
    assert desk.totals()["2026-11-25"].paid == 12000


def test_a_bank_named_by_the_merchant_stays(desk, merchant):
    token = merchant.send(order(v_pmode="3"), TEN, "pay_bank.jsp")
    desk.pay(token, TEN, bank="9")
    assert back(desk, token)["v_pmode"] == "招商银行"


@pytest.mark.parametrize("variant", ["A", "B"])
@pytest.mark.parametrize("bank", ["75", "126", "271"])
def test_every_name_survives_both_charsets(merchant, desk, variant, bank):
    token = merchant.send(order(), TEN)
    desk.pay(token, TEN, ["variant-b"] if variant == "B" else [], bank)
    assert back(desk, token, variant=variant)["v_pstatus"] == "20"


@pytest.mark.parametrize(("faults", "bank"), [(["nonsense"], "9"), ([], "205")])
def test_a_fault_or_a_bank_that_means_nothing_is_refused(desk, merchant, faults, bank):
    token = merchant.send(order(), TEN)
    with pytest.raises(ValueError, match="there are these"):
        desk.pay(token, TEN, faults, bank)
    assert merchant.states(OID, TEN) == ["2"]

"""§5: what a notification says, when it comes again, which orders share one, and how all that goes wrong."""

import pytest

from tests.sandbox.provider.client import TEN
from tests.sandbox.provider.payease.client import (
    GOOD,
    HOUR,
    MINUTE,
    NOTIFY,
    OID,
    a_desk,
    fields_of,
    is_message,
    order,
    query_of,
)
from tests.sandbox.provider.payease.client import PayEaseMerchant as Merchant


def numbered(count):
    return f"20261123-888-REG{count:04d}"


def told(desk, now, variant="A"):
    """The fields of what is due, and which of its digests hold."""
    found = [query_of(one) for one in desk.due(now)]
    return [(fields_of(text, variant), is_message(text, notification=True, variant=variant)) for text in found]


def one(desk, now):
    ((fields, digests),) = told(desk, now)
    assert digests == GOOD
    return fields


def test_paid_is_told_by_a_get_with_good_digests(desk, merchant):
    merchant.pay(OID, TEN, bank="85")
    (delivery,) = desk.due(TEN)
    assert (delivery.body, delivery.url.partition("?")[0]) == (None, NOTIFY)
    fields = fields_of(query_of(delivery))
    assert is_message(query_of(delivery), notification=True) == GOOD
    assert (fields["v_count"], fields["v_oid"], fields["v_pstatus"]) == ("1", OID, "1")
    assert (fields["v_pmode"], fields["v_pstring"], fields["v_amount"]) == ("中国银行", "支付成功", "120.00")


def test_refused_is_told_too(desk, merchant):
    merchant.refuse(OID, TEN)
    fields = one(desk, TEN)
    assert (fields["v_pstatus"], fields["v_pstring"]) == ("3", "余额不足")


def test_posted_when_that_is_agreed():
    desk = a_desk(notify_by="POST")
    Merchant(desk).pay(OID, TEN)
    (delivery,) = desk.due(TEN)
    assert delivery.url == NOTIFY
    assert is_message(delivery.body.decode("ascii"), notification=True) == GOOD


def test_an_address_with_a_query_keeps_it():
    desk = a_desk(notify_url=f"{NOTIFY}?from=payease")
    Merchant(desk).pay(OID, TEN)
    (delivery,) = desk.due(TEN)
    assert delivery.url.startswith(f"{NOTIFY}?from=payease&v_count=1&")


@pytest.mark.parametrize("factor", [1.0, 0.1])
def test_the_schedule_in_virtual_time(factor):
    desk = a_desk(factor=factor)
    Merchant(desk).pay(OID, TEN)
    sent, bodies = [], set()
    while (now := desk.next_due()) is not None:
        (delivery,) = desk.due(now)
        sent.append((now - TEN) / factor / MINUTE)
        bodies.add(delivery.url)
        desk.report(delivery.id, 200, b"error", now)
    assert [round(at, 3) for at in sent] == [0, 1, 6, 21, 51, 111, 231, 471]
    assert len(bodies) == 1
    assert desk.notices()[0]["outcome"] == "given up"


@pytest.mark.parametrize(("status", "answer", "ends"), [
    (200, b"sent", True), (200, b"Sent", False), (200, b"sent\n", False), (200, b" sent", False), (200, b"", False),
    (200, b"error", False), (200, b"received", False), (302, b"sent", False), (500, b"sent", False), (None, b"", False),
])  # fmt: skip
def test_only_sent_to_the_letter_ends_it(desk, merchant, status, answer, ends):
    merchant.pay(OID, TEN)
    (delivery,) = desk.due(TEN)
    desk.report(delivery.id, status, answer, TEN)
    assert (desk.next_due() is None) is ends


# ---- Several orders in one message


def test_up_to_four_orders_share_one_message_and_the_fourth_closes_it():
    desk = a_desk(joins=True)
    merchant = Merchant(desk)
    for count in range(1, 6):
        merchant.pay(numbered(count), TEN, amount=f"{count}.00")
    fields = one(desk, TEN)
    assert fields["v_count"] == "4"
    assert fields["v_oid"].split("|_|") == [numbered(count) for count in range(1, 5)]
    assert fields["v_amount"] == "1.00|_|2.00|_|3.00|_|4.00"
    assert one(desk, desk.next_due())["v_oid"] == numbered(5)


def test_a_message_waits_ten_seconds_and_is_then_closed(desk, merchant):
    merchant.pay(numbered(1), TEN, "joined")
    due = desk.next_due()
    assert (due - TEN).total_seconds() == 10
    assert told(desk, TEN) == []
    (delivery,) = desk.due(due)
    merchant.pay(numbered(2), due, "joined")
    assert delivery.orders == (numbered(1),)
    assert one(desk, desk.next_due())["v_oid"] == numbered(2)


def test_one_paid_and_one_rejected_in_one_message(desk, merchant):
    merchant.pay(numbered(1), TEN, "joined")
    merchant.refuse(numbered(2), TEN, "joined")
    fields = one(desk, desk.next_due())
    assert (fields["v_count"], fields["v_pstatus"]) == ("2", "1|_|3")


def test_whoever_does_not_join_is_told_alone(desk, merchant):
    merchant.pay(numbered(1), TEN, "joined")
    merchant.pay(numbered(2), TEN)
    assert one(desk, TEN)["v_oid"] == numbered(2)


@pytest.mark.parametrize(("fault", "sendings"), [("duplicate", 2), ("withheld", 0), ("rejected-after", 1)])
def test_what_has_a_time_of_its_own_joins_nobody(fault, sendings):
    desk = a_desk(joins=True)
    Merchant(desk).pay(OID, TEN, fault)
    assert len(desk.due(TEN)) == sendings


def test_an_order_stands_once_in_a_message(desk, merchant):
    token = merchant.send(order(), TEN)
    desk.refuse(token, TEN, ["joined"])
    desk.pay(token, TEN, ["joined"])
    assert [fields["v_pstatus"] for fields, _ in told(desk, desk.next_due())] == ["3", "1"]


def test_a_joined_message_comes_again_as_a_whole(desk, merchant):
    merchant.pay(numbered(1), TEN, "joined")
    merchant.pay(numbered(2), TEN, "joined")
    now = desk.next_due()
    (first,) = desk.due(now)
    desk.report(first.id, 200, b"error", now)
    merchant.pay(numbered(3), now, "joined")
    (again,) = [one for one in desk.due(now + MINUTE) if one.id == first.id]
    assert again.url == first.url


# ---- What goes wrong


def test_duplicate_two_at_once(desk, merchant):
    merchant.pay(OID, TEN, "duplicate")
    first, second = desk.due(TEN)
    assert first.url == second.url


def test_delayed_a_minute(desk, merchant):
    merchant.pay(OID, TEN, "delayed")
    assert told(desk, TEN) == []
    one(desk, TEN + MINUTE)


def test_withheld_until_somebody_sends_it(desk, merchant):
    merchant.pay(OID, TEN, "withheld")
    assert desk.next_due() is None
    assert merchant.states(OID, TEN) == ["1"]
    desk.send_now(desk.notices()[0]["id"], TEN + HOUR)
    one(desk, TEN + HOUR)


def test_paid_and_a_minute_later_rejected(desk, merchant):
    merchant.pay(OID, TEN, "rejected-after")
    assert one(desk, TEN)["v_pstatus"] == "1"
    assert one(desk, TEN + MINUTE)["v_pstatus"] == "3"
    assert merchant.states(OID, TEN + MINUTE) == ["1"]


def test_not_yet_known_and_then_paid(desk, merchant):
    merchant.pay(OID, TEN, "unknown-first")
    assert [fields["v_pstatus"] for fields, _ in told(desk, TEN)] == ["0", "1"]


def test_the_other_variant_and_the_other_method_for_one_trade(desk, merchant):
    merchant.pay(OID, TEN, "variant-b", "post")
    (delivery,) = desk.due(TEN)
    assert is_message(delivery.body.decode(), notification=True, variant="B") == GOOD
    assert not is_message(delivery.body.decode(), notification=True, variant="A")["mac"]


@pytest.mark.parametrize(("fault", "name", "value"), [
    ("wrong-amount", "v_amount", "120.01"), ("other-order", "v_oid", "20261123-888-NOBODYS00001"),
])  # fmt: skip
def test_well_signed_but_wrong(desk, merchant, fault, name, value):
    merchant.pay(OID, TEN, fault)
    assert one(desk, TEN)[name] == value
    assert merchant.query(OID, TEN)[1][0]["amount"] == "120.00"


@pytest.mark.parametrize(("fault", "broken"), [
    ("bad-mac", {"mac"}), ("other-mac-key", {"mac", "money"}), ("bad-signature", {"sign"}), ("other-key", {"sign"}),
    ("unsigned", {"sign"}),
])  # fmt: skip
def test_not_signed_as_it_should_be(desk, merchant, fault, broken):
    merchant.pay(OID, TEN, fault)
    ((fields, digests),) = told(desk, TEN)
    assert {name for name, good in digests.items() if not good} == broken
    assert ("v_sign" in fields) is (fault != "unsigned")
    assert fields["v_amount"] == "120.00"


def test_another_orders_money_under_a_true_mac_shows_in_v_sign_alone(desk, merchant):
    merchant.pay(OID, TEN, "other-money")
    ((fields, digests),) = told(desk, TEN)
    assert fields["v_amount"] == "120.01"
    assert digests == {"mac": True, "money": True, "sign": False}


def test_a_fault_lasts_for_the_trade_and_ends_with_the_next_try(desk, merchant):
    token = merchant.send(order(), TEN)
    desk.refuse(token, TEN, ["withheld"])
    desk.pay(token, TEN)
    assert one(desk, TEN)["v_pstatus"] == "1"


def test_a_fault_armed_for_the_next_events_of_one_order(desk, merchant):
    desk.arm("notify", "wrong-amount", v_oid=numbered(2))
    merchant.pay(numbered(1), TEN)
    assert one(desk, TEN)["v_amount"] == "120.00"
    merchant.pay(numbered(2), TEN)
    assert one(desk, TEN)["v_amount"] == "120.01"


def test_what_a_killed_sender_had_in_hand_is_due_again(tmp_path):
    desk = a_desk(tmp_path / "books.sqlite")
    Merchant(desk).pay(OID, TEN)
    assert len(desk.due(TEN)) == 1
    assert desk.due(TEN) == []
    desk.close()
    again = a_desk(tmp_path / "books.sqlite")
    assert len(again.due(TEN)) == 1
    again.close()

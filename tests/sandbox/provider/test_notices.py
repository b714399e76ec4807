"""Notifications in virtual time: fields, the schedule of eight sendings, who gets which, and what may go wrong."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.sandbox.provider.client import (
    APP_ID,
    GATEWAY_KEY,
    NOTIFY,
    SELLER_ID,
    TEN,
    Merchant,
    a_desk,
    order,
    order_on_a_phone,
    read_message,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SCHEDULE = [timedelta(), 4 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR]


def told(desk, now, answer=b"success", status=200):
    """Send what is due; its fields, and whether each was signed well."""
    found = []
    for delivery in desk.due(now):
        assert delivery.url == NOTIFY
        found.append(read_message(delivery.body.decode()))
        desk.report(delivery.id, status, answer, now)
    return found


def one(desk, now):
    ((fields, good),) = told(desk, now)
    assert good
    return fields


def test_a_payment_is_told_at_once_and_once(desk, merchant):
    merchant.pay("P1", TEN)
    fields = one(desk, TEN)
    assert (fields["trade_status"], fields["total_amount"]) == ("TRADE_SUCCESS", "120.00")
    assert (fields["app_id"], fields["seller_id"], fields["notify_type"]) == (APP_ID, SELLER_ID, "trade_status_sync")
    assert fields["gmt_payment"] == "2026-11-23 10:00:00"
    assert not {"refund_fee", "gmt_refund", "gmt_close", "out_biz_no"} & set(fields)
    assert desk.next_due() is None
    assert told(desk, TEN + 48 * HOUR) == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [(200, b"fail"), (200, b" success"), (200, b"success\n"), (200, b"SUCCESS"), (200, b""), (201, b"success"),
     (302, b"success"), (500, b"success"), (None, b"")],
)  # fmt: skip
def test_anything_but_success_means_again_eight_times_by_the_schedule(desk, merchant, status, answer):
    merchant.pay("P1", TEN)
    now, seen = TEN, []
    for pause in SCHEDULE:
        now += pause
        assert desk.next_due() == now
        assert desk.due(now - timedelta(milliseconds=1)) == []
        ((fields, good),) = told(desk, now, answer, status)
        assert good
        seen.append(fields)
    assert desk.next_due() is None
    assert now - TEN == timedelta(hours=24, minutes=24)
    assert len({fields["notify_id"] for fields in seen}) == 1
    assert len({fields["notify_time"] for fields in seen}) == 8
    same = [{name: value for name, value in fields.items() if name not in ("notify_time", "sign")} for fields in seen]
    assert all(fields == same[0] for fields in same)
    assert [notice["outcome"] for notice in desk.notices()] == ["given up"]


def test_a_pause_counts_from_the_sending_before(desk, merchant):
    merchant.pay("P1", TEN)
    told(desk, TEN + 3 * MINUTE, b"fail")
    assert desk.next_due() == TEN + 7 * MINUTE


def test_the_factor_shortens_the_schedule():
    desk = a_desk(factor=0.001)
    Merchant(desk).pay("P1", TEN)
    told(desk, TEN, b"fail")
    assert desk.next_due() == TEN + timedelta(milliseconds=240)


def test_what_is_in_hand_is_not_due_again_until_reported(desk, merchant):
    merchant.pay("P1", TEN)
    assert len(desk.due(TEN)) == 1
    assert desk.due(TEN) == []


def test_send_now_sends_what_was_given_up_or_delivered(desk, merchant):
    merchant.pay("P1", TEN)
    first = one(desk, TEN)
    desk.send_now(desk.notices()[0]["id"], TEN + HOUR)
    assert one(desk, TEN + HOUR)["notify_id"] == first["notify_id"]


def test_a_part_refunded_is_told_with_the_cumulative_amount(desk, merchant):
    merchant.pay("P1", TEN)
    one(desk, TEN)
    later = TEN + timedelta(hours=1, milliseconds=42)
    merchant.refund("P1", "20.00", "R1", later)
    part = one(desk, later)
    assert (part["trade_status"], part["refund_fee"], part["out_biz_no"]) == ("TRADE_SUCCESS", "20.00", "R1")
    assert part["gmt_refund"] == "2026-11-23 11:00:00.042"
    assert "gmt_payment" in part
    assert "gmt_close" not in part
    merchant.refund("P1", "100.00", "R2", later)
    whole = one(desk, later)
    assert (whole["trade_status"], whole["refund_fee"]) == ("TRADE_CLOSED", "120.00")
    assert "gmt_close" in whole
    assert whole["notify_id"] != part["notify_id"]


def test_a_refund_asked_again_is_not_told_again(desk, merchant):
    merchant.pay("P1", TEN)
    merchant.refund("P1", "120.00", "R1", TEN)
    merchant.refund("P1", "120.00", "R1", TEN)
    assert len(told(desk, TEN)) == 2


def test_on_a_computer_closing_and_finishing_are_not_told(desk, merchant):
    desk.log_in(merchant.send(order("W1"), TEN), TEN)
    merchant.close("W1", TEN)
    merchant.pay("P1", TEN)
    one(desk, TEN)
    assert told(desk, TEN + timedelta(days=366)) == []


def test_on_a_phone_they_are(desk, merchant):
    desk.log_in(merchant.send(order_on_a_phone("W1", timeout_express="30m"), TEN, "alipay.trade.wap.pay"), TEN)
    closed = one(desk, TEN + HOUR)
    assert (closed["trade_status"], closed["gmt_close"]) == ("TRADE_CLOSED", "2026-11-23 10:30:00")
    assert not {"gmt_payment", "refund_fee", "buyer_pay_amount"} & set(closed)
    merchant.pay("P1", TEN + HOUR, phone=True)
    one(desk, TEN + HOUR)
    finished = one(desk, TEN + timedelta(days=366))
    assert finished["trade_status"] == "TRADE_FINISHED"
    assert "refund_fee" not in finished


def test_without_an_address_nothing_is_told(desk, merchant):
    desk.pay(merchant.send(order(), TEN, notify_url=None), TEN)
    assert desk.notices() == []


# ---- What may go wrong


def test_duplicate_two_at_once_with_one_id(desk, merchant):
    merchant.pay("P1", TEN, "duplicate")
    both = told(desk, TEN)
    assert all(good for _, good in both)
    assert len(both) == 2
    assert both[0][0]["notify_id"] == both[1][0]["notify_id"]


def test_delayed_a_minute(desk, merchant):
    merchant.pay("P1", TEN, "delayed")
    assert told(desk, TEN + 59 * timedelta(seconds=1)) == []
    one(desk, TEN + MINUTE)


def test_wrong_amount_well_signed(desk, merchant):
    merchant.pay("P1", TEN, "wrong-amount")
    assert one(desk, TEN)["total_amount"] == "120.01"
    assert merchant.query("P1", TEN)["total_amount"] == "120.00"


@pytest.mark.parametrize("fault", ["bad-signature", "other-key", "sha1", "unsigned"])
def test_not_signed_as_it_should_be(desk, merchant, fault):
    merchant.pay("P1", TEN, fault)
    ((fields, good),) = told(desk, TEN)
    assert not good
    assert ("sign" in fields) is (fault != "unsigned")
    assert fields["total_amount"] == "120.00"


def test_sha1_is_a_true_signature_of_the_old_kind(desk, merchant):
    merchant.pay("P1", TEN, "sha1")
    ((fields, _),) = told(desk, TEN)
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in ("sign", "sign_type"))
    raw = base64.b64decode(fields["sign"])
    GATEWAY_KEY.public_key().verify(raw, text.encode(), padding.PKCS1v15(), hashes.SHA1())


@pytest.mark.parametrize(
    ("fault", "name"), [("other-seller", "seller_id"), ("other-application", "app_id"), ("other-order", "out_trade_no")]
)
def test_well_signed_but_anothers(desk, merchant, fault, name):
    merchant.pay("P1", TEN, fault)
    assert one(desk, TEN)[name] not in (SELLER_ID, APP_ID, "P1")


def test_withheld_until_somebody_sends_it(desk, merchant):
    merchant.pay("P1", TEN, "withheld")
    assert desk.next_due() is None
    assert merchant.query("P1", TEN)["trade_status"] == "TRADE_SUCCESS"
    desk.send_now(desk.notices()[0]["id"], TEN + HOUR)
    one(desk, TEN + HOUR)


def test_the_refund_is_told_before_the_payment(desk, merchant):
    merchant.pay("P1", TEN, "after-refund")
    assert told(desk, TEN) == []
    merchant.refund("P1", "120.00", "R1", TEN + HOUR)
    first, second = told(desk, TEN + HOUR) + told(desk, TEN + HOUR + MINUTE)
    assert "refund_fee" in first[0]
    assert second[0]["trade_status"] == "TRADE_SUCCESS"


def test_a_fault_armed_for_the_next_events_of_one_order(desk, merchant):
    desk.arm("notify", "wrong-amount", times=1, out_trade_no="P2")
    merchant.pay("P1", TEN)
    assert one(desk, TEN)["total_amount"] == "120.00"
    merchant.pay("P2", TEN)
    assert one(desk, TEN)["total_amount"] == "120.01"
    merchant.refund("P2", "1.00", "R1", TEN)
    assert one(desk, TEN)["total_amount"] == "120.00"


def test_a_fault_that_means_nothing_is_refused(desk, merchant):
    with pytest.raises(ValueError, match="duplicate"):
        merchant.pay("P1", TEN, "nonsense")
    with pytest.raises(ValueError, match="duplicate"):
        desk.arm("notify", "nonsense")

"""§6 and §7: queries and refunds; the happy way first, then each refusal in the operator's words and our numbers."""

import pytest

from tests.sandbox.provider.client import TEN
from tests.sandbox.provider.payease.client import DAY, MID, OID, OPERATOR, is_signed, mac, order

OTHER = "20261123-888-REG0002"


@pytest.fixture
def paid(merchant):
    merchant.pay(OID, TEN)
    return merchant


# ---- Order query


def test_s6_a_paid_order(paid):
    head, (row,) = paid.query(OID, TEN)
    assert head == {"status": "0", "statusdesc": "Success", "mid": "888", "oid": OID}
    assert row.pop("sign")
    assert row == {
        "orderindex": "1", "oid": OID, "pmode": "中国工商银行", "pstatus": "1", "pstring": "支付成功",
        "amount": "120.00", "moneytype": "0", "isvirement": "0",
    }  # fmt: skip


def test_s6_an_order_that_no_payer_brought_has_no_element(merchant):
    head, rows = merchant.query(OID, TEN)
    assert (head["status"], rows) == ("0", [])


def test_s6_the_answer_is_gb2312(desk, paid):
    answer = desk.call("query", (("v_mid", MID), ("v_oid", OID), ("v_mac", mac(MID, OID))), TEN)
    assert answer.body.startswith(b'<?xml version="1.0" encoding="GB2312"?><ordermessage><messagehead>')
    assert "中国工商银行".encode("gb2312") in answer.body
    assert answer.content_type == "text/xml; charset=GB2312"


REFUSALS = [
    ({"v_mid": "889"}, "7", "(7)Invalid merchant"),
    ({"v_mac": "0" * 32}, "4", "(4)Fingerprint invalid"),
    ({"v_mac": ""}, "9", "(9)Invalid request"),
    ({"v_oid": ""}, "9", "(9)Invalid request"),
    ({"v_oid": "x", "v_mac": mac(MID, "x")}, "1", "(1)Invalid order number"),
]


@pytest.mark.parametrize(("more", "status", "words"), REFUSALS, ids=str)
def test_s6_refusals_say_nothing_of_the_order(paid, more, status, words):
    head, rows = paid.query(OID, TEN, **more)
    assert (head["status"], head["statusdesc"], rows) == (status, words, [])


def test_a_mac_in_large_letters_is_taken(paid):
    assert paid.query(OID, TEN, v_mac=mac(MID, OID).upper())[0]["status"] == "0"


def test_a_name_twice_is_refused_and_letters_that_no_document_holds_are_left_out(desk):
    pairs = (("v_mid", MID), ("v_oid", "a\x00<b>&"), ("v_oid", "c"), ("v_mac", "x"))
    body = desk.call("query", pairs, TEN).body
    assert b"(9)Invalid request" in body
    assert b"<oid>c</oid>" in body
    assert b"<oid>a&lt;b&gt;&amp;</oid>" in desk.call("query", (*pairs[:2], pairs[3]), TEN).body


# ---- Orders of a day


def test_s7_2_the_orders_of_a_day_are_those_that_bear_it_paid_or_not(merchant):
    tomorrow = "20261124-888-REG0003"
    merchant.pay(OID, TEN)
    merchant.send(order(OTHER), TEN)
    merchant.pay(tomorrow, TEN + DAY)
    rows = merchant.orders_of("20261123", TEN + DAY)
    assert [(row["orderindex"], row["oid"], row["pstatus"]) for row in rows] == [("1", OID, "1"), ("2", OTHER, "2")]
    assert all(is_signed(row["sign"], row["oid"], row["pstatus"], row["amount"], row["moneytype"]) for row in rows)
    assert [row["oid"] for row in merchant.orders_of("20261124", TEN + DAY)] == [tomorrow]
    assert merchant.orders_of("20261125", TEN + DAY) == []


@pytest.mark.parametrize("kind", ["day", "refund-query-by-day"])
def test_s7_2_what_is_no_day_is_refused(merchant, kind):
    for day in ("20261131", "2026-1-1", "2026"):
        found = merchant.asked(kind, TEN, v_mid=MID, v_ymd=day, v_mac=mac(MID, day), v_version="1.1")
        assert found.find("messagehead/statusdesc").text == "(9)Invalid request"


def test_s7_2_the_head_of_a_day_has_the_merchant_and_no_order(merchant):
    found = merchant.asked("day", TEN, v_mid=MID, v_ymd="20261123", v_mac=mac(MID, "20261123"))
    assert (found.find("messagehead/mid").text, found.find("messagehead/oid").text) == ("888", None)


# ---- Refund


def test_s7_1_a_refund(desk, paid):
    answer = paid.refund(OID, "20.00", TEN)
    assert answer.pop("sign")
    assert answer == {
        "status": "0", "statusdesc": "Success", "mid": "888", "oid": OID, "refamount": "20.00", "refoprt": "1001",
        "refid": "R2026112300000001",
    }  # fmt: skip
    assert (desk.totals()["2026-11-23"].refunds, desk.totals()["2026-11-23"].net) == (1, 10000)
    assert paid.states(OID, TEN) == ["1"]


def test_s7_3_the_same_call_again_refunds_again_up_to_the_orders_limit(desk, paid):
    """The trap: no number of ours makes the second call the same refund."""
    numbers = [paid.refund(OID, "50.00", TEN)["refid"] for _ in range(2)]
    assert len(set(numbers)) == 2
    assert desk.totals()["2026-11-23"].refunded == 10000
    assert paid.refund(OID, "50.00", TEN)["statusdesc"] == "(3)Refund money exceed order limit"
    assert paid.refund(OID, "20.00", TEN)["status"] == "0"
    assert paid.refund(OID, "0.01", TEN)["status"] == "3"
    assert desk.totals()["2026-11-23"].refunded == 12000


REFUND_REFUSALS = [
    ({"v_oid": "x"}, "4"), ({"v_mac": "0" * 32}, "4"), ({"v_mid": "444"}, "7"), ({"v_refamount": ""}, "9"),
    ({"v_refoprt": "9", "v_mac": mac(MID, OID, "20.00", "9")}, "5"),
    ({"v_oid": OTHER, "v_mac": mac(MID, OTHER, "20.00", OPERATOR)}, "1"),
    ({"v_refamount": "120.01", "v_mac": mac(MID, OID, "120.01", OPERATOR)}, "3"),
    *(({"v_refamount": amount, "v_mac": mac(MID, OID, amount, OPERATOR)}, "2")
      for amount in ("0.00", "20", "20.0", "-1.00", "1e1", "020.00")),
]  # fmt: skip


@pytest.mark.parametrize(("more", "status"), REFUND_REFUSALS, ids=str)
def test_s7_1_refusals_move_nothing(desk, paid, more, status):
    answer = paid.refund(OID, "20.00", TEN, **more)
    assert (answer["status"], answer["refid"]) == (status, "")
    assert answer["statusdesc"].startswith(f"({status})")
    assert desk.totals()["2026-11-23"].refunds == 0


def test_s7_1_what_was_not_paid_is_not_refunded(merchant):
    merchant.refuse(OID, TEN)
    assert merchant.refund(OID, "20.00", TEN)["statusdesc"] == "(1)Invalid order number"


def test_s7_1_the_reason_is_not_covered_by_the_mac_and_kept(paid):
    paid.refund(OID, "20.00", TEN, v_refreason="考试取消 <&>")
    assert paid.refunds(OID, TEN)[1][0]["refreason"] == "考试取消 <&>"


# ---- Refund queries


def test_s7_2_the_refunds_of_an_order(paid):
    assert paid.refunds(OID, TEN) == (
        {"status": "0", "statusdesc": "Success", "mid": "888", "oid": OID, "version": "1.1", "amount": "120.00",
         "moneytype": "0"}, [],
    )  # fmt: skip
    first, second = (paid.refund(OID, amount, TEN)["refid"] for amount in ("20.00", "30.00"))
    _, rows = paid.refunds(OID, TEN)
    assert [(row["refundindex"], row["refid"], row["refamount"]) for row in rows] == [
        ("1", first, "20.00"), ("2", second, "30.00"),
    ]  # fmt: skip
    assert set(rows[0]) == {
        "refundindex", "refid", "refamount", "refmoneytype", "refdate", "refstatus", "reftype", "offline_ref_status",
        "refreason", "sign",
    }  # fmt: skip
    assert (rows[0]["refdate"], rows[0]["offline_ref_status"]) == ("20261123", "")
    assert is_signed(rows[0]["sign"], first, OID, "20.00", "0", "0")


def test_s7_2_accepted_is_done_two_days_later(paid):
    paid.refund(OID, "20.00", TEN)
    assert [paid.refunds(OID, TEN + days * DAY)[1][0]["refstatus"] for days in (0, 1, 2, 3)] == ["0", "0", "1", "1"]


def test_s7_2_the_refunds_of_a_day(paid):
    paid.pay(OTHER, TEN, amount="80.00")
    refid = paid.refund(OTHER, "30.00", TEN + DAY)["refid"]
    paid.refund(OID, "20.00", TEN)
    (row,) = paid.refunds_of_day("20261124", TEN + DAY)
    assert (row["oid"], row["amount"], row["refid"], row["refamount"]) == (OTHER, "80.00", refid, "30.00")
    assert is_signed(row["sign"], refid, OTHER, "30.00", "0", "0")
    assert len(paid.refunds_of_day("20261123", TEN + DAY)) == 1


def test_s7_2_the_answers_are_utf8(desk, paid):
    paid.refund(OID, "20.00", TEN, v_refreason="考试取消")
    fields = {"v_mid": MID, "v_oid": OID, "v_mac": mac(MID, OID), "v_version": "1.1"}
    answer = desk.call("refund-query", tuple(fields.items()), TEN)
    assert answer.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?><refmessage><messagehead>')
    assert "考试取消".encode() in answer.body


@pytest.mark.parametrize("version", ["", "1.0"])
def test_s7_2_another_version_is_refused(paid, version):
    assert paid.refunds(OID, TEN, version)[0]["statusdesc"] == "(9)Invalid request"


def test_s7_2_refunds_of_an_order_that_is_none(merchant):
    assert merchant.refunds(OID, TEN)[0]["statusdesc"] == "(1)Invalid order number"

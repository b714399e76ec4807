"""The operator's statement of a day, as finance staff fetch it: equal to the books to the fen, or wrong on request."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.sandbox.provider.client import TEN
from tests.sandbox.provider.payease.client import DAY, HOUR, OID, is_signed

OTHER = "20261123-888-REG0002"
MIDNIGHT = TEN.replace(hour=0)


@pytest.fixture
def a_day(desk, merchant):
    merchant.pay(OID, TEN, amount="0.02", bank="85")
    merchant.pay(OTHER, TEN + HOUR, amount="36.78")
    merchant.refuse("20261123-888-REG0003", TEN)
    return merchant.refund(OTHER, "15.01", TEN + 2 * HOUR)["refid"]


def rows(desk, day=MIDNIGHT):
    return list(csv.DictReader(io.StringIO(desk.statement(day).decode("gb18030"))))


def net(found):
    return int(sum(Decimal(row["交易金额"]) * 100 for row in found))


def test_the_rows_are_the_books(desk, a_day):
    found = rows(desk)
    assert [tuple(row.values()) for row in found] == [
        (OID, "支付", "中国银行", "0.02", "人民币", "2026-11-23 10:00:00", ""),
        (OTHER, "支付", "中国工商银行", "36.78", "人民币", "2026-11-23 11:00:00", ""),
        (OTHER, "退款", "中国工商银行", "-15.01", "人民币", "2026-11-23 12:00:00", a_day),
    ]
    assert net(found) == desk.totals()["2026-11-23"].net


def test_the_border_of_the_day_is_beijings_midnight_whatever_day_the_number_bears(desk, merchant):
    merchant.pay(OID, MIDNIGHT + DAY - timedelta(milliseconds=1))
    merchant.pay(OTHER, MIDNIGHT + DAY)
    assert [row["订单编号"] for row in rows(desk)] == [OID]
    assert [row["订单编号"] for row in rows(desk, MIDNIGHT + DAY)] == [OTHER]


def test_a_day_without_anything_has_its_header(desk):
    assert (
        desk.statement(MIDNIGHT).decode("gb18030") == "订单编号,交易类型,支付方式,交易金额,币种,交易时间,退款编号\r\n"
    )


@pytest.mark.parametrize(("fault", "numbers", "fen"), [
    ("row-missing", [OTHER, OTHER], 2177), ("row-other-amount", [OID, OTHER, OTHER], 2180),
    ("row-extra", [OID, OTHER, OTHER, "20261123-888-NOBODYS00001"], 2279),
])  # fmt: skip
def test_a_statement_that_differs_from_the_books(desk, a_day, fault, numbers, fen):
    desk.arm("statement", fault)
    found = rows(desk)
    assert ([row["订单编号"] for row in found], net(found)) == (numbers, fen)
    assert net(rows(desk)) == 2179


@pytest.mark.parametrize(("fault", "told"), [
    ("row-missing", [OTHER]), ("row-other-amount", [OID, OTHER]),
    ("row-extra", [OID, OTHER, "20261123-888-NOBODYS00001"]),
])  # fmt: skip
def test_the_orders_of_a_day_that_differ_from_the_books_and_are_signed_well(desk, merchant, fault, told):
    merchant.pay(OID, TEN, amount="0.02")
    merchant.pay(OTHER, TEN, amount="36.78")
    desk.arm("day", fault)
    found = merchant.orders_of("20261123", TEN)
    assert [row["oid"] for row in found] == told
    assert (found[0]["amount"] == "0.03") is (fault == "row-other-amount")
    assert all(is_signed(row["sign"], row["oid"], row["pstatus"], row["amount"], row["moneytype"]) for row in found)
    assert [row["amount"] for row in merchant.orders_of("20261123", TEN)] == ["0.02", "36.78"]


@pytest.mark.parametrize("kind", ["query", "refund", "*"])
def test_only_what_lists_a_day_can_lack_a_row(desk, kind):
    with pytest.raises(ValueError, match="there are"):
        desk.arm(kind, "row-missing")

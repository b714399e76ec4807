"""What the merchant's server asks: order query, orders of a day, refund, refund queries. Each answers a document."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from baokao.sandbox.provider.forms import BEIJING, moment, stamp, yuan
from baokao.sandbox.provider.payease import trades, wire
from baokao.sandbox.provider.payease.banks import BANKS
from baokao.sandbox.provider.payease.config import Config
from baokao.sandbox.provider.payease.forms import read_amount, read_day
from baokao.sandbox.provider.payease.wire import Refused
from baokao.sandbox.provider.store import Books

Fields = dict[str, str]
# What stands in the document's head besides the usual, and its rows; a refund's is the one row.
Told = tuple[Fields, list[Fields]]
Method = Callable[[Books, Config, Fields, datetime], Told]
QUERY, DAY, REFUND, REFUNDS, REFUNDS_OF_DAY = "query", "day", "refund", "refund-query", "refund-query-by-day"
_STRINGS = {"1": "支付成功", "2": "未支付", "3": "余额不足", "9": "已提交"}


@dataclass(frozen=True)
class Kind:
    """One kind of call: where it lies, of what its `v_mac` and its rows' `sign` are made, and its document's form."""

    path: str
    mac_of: tuple[str, ...]
    method: Method
    sign_of: tuple[str, ...]
    root: str
    row: str
    charset: str


def order(books: Books, config: Config, fields: Fields, now: datetime) -> Told:
    """What banks said of an order; nothing at all if no payer ever brought it."""
    found = books.execute("SELECT * FROM trade WHERE v_oid = ?", (fields["v_oid"],)).fetchone()
    return {}, [] if found is None else _orders(books, [found])


def orders_of_day(books: Books, config: Config, fields: Fields, now: datetime) -> Told:
    """All orders that bear this day in their numbers, paid or not."""
    _day(fields)
    found = books.execute("SELECT * FROM trade WHERE v_ymd = ? ORDER BY id", (fields["v_ymd"],)).fetchall()
    return {}, _orders(books, found)


def _orders(books: Books, found: Sequence[sqlite3.Row]) -> list[Fields]:
    rows = []
    for trade in found:
        tries = books.execute("SELECT * FROM try WHERE trade_id = ? ORDER BY id", (trade["id"],)).fetchall()
        said = [(each["bank"], each["pstatus"]) for each in tries] or [("", "2")]
        rows += [(trade, bank, pstatus) for bank, pstatus in said]
    return [
        {
            "orderindex": str(index),
            "oid": trade["v_oid"],
            "pmode": BANKS.get(bank, ""),
            "pstatus": pstatus,
            "pstring": _STRINGS[pstatus],
            "amount": yuan(trade["amount"]),
            "moneytype": "0",
            "isvirement": "0",
        }
        for index, (trade, bank, pstatus) in enumerate(rows, 1)
    ]


def refund(books: Books, config: Config, fields: Fields, now: datetime) -> Told:
    """Money goes back, as often as it is asked for, until the order has no more."""
    if fields["v_refoprt"] != config.merchant.operator:
        raise Refused(wire.NO_OPERATOR)
    trade = books.execute("SELECT * FROM trade WHERE v_oid = ?", (fields["v_oid"],)).fetchone()
    if trade is None or trade["paid_at"] is None:
        raise Refused(wire.NO_ORDER)
    amount = read_amount(fields["v_refamount"])
    if amount is None:
        raise Refused(wire.NO_MONEY)
    if amount > trade["amount"] - trade["refunded"]:
        raise Refused(wire.BEYOND_LIMIT)
    refid = trades.refund(books, trade, amount, fields.get("v_refreason", ""), now)
    return {}, [
        {
            "status": "0",
            "statusdesc": wire.SUCCESS,
            "mid": fields["v_mid"],
            "oid": fields["v_oid"],
            "refamount": fields["v_refamount"],
            "refoprt": fields["v_refoprt"],
            "refid": refid,
        }
    ]


def refunds(books: Books, config: Config, fields: Fields, now: datetime) -> Told:
    """An order's refunds."""
    trade = books.execute("SELECT * FROM trade WHERE v_oid = ?", (fields["v_oid"],)).fetchone()
    if trade is None:
        raise Refused(wire.NO_ORDER)
    head = {"amount": yuan(trade["amount"]), "moneytype": "0"}
    return head, _refunds(books, config, now, "v_oid = ?", fields["v_oid"])


def refunds_of_day(books: Books, config: Config, fields: Fields, now: datetime) -> Told:
    """All refunds that were accepted on this day."""
    begins = _day(fields)
    bounds = stamp(begins), stamp(begins + timedelta(days=1))
    return {}, _refunds(books, config, now, "refund.at >= ? AND refund.at < ?", *bounds)


def _refunds(books: Books, config: Config, now: datetime, where: str, *values: object) -> list[Fields]:
    asked = "SELECT refund.*, v_oid, trade.amount AS whole FROM refund JOIN trade ON trade.id = trade_id"
    done_before = stamp(now) - config.milliseconds(config.refund_takes)
    return [
        {
            "refundindex": str(index),
            "oid": row["v_oid"],
            "amount": yuan(row["whole"]),
            "moneytype": "0",
            "refid": row["refid"],
            "refamount": yuan(row["amount"]),
            "refmoneytype": "0",
            "refdate": f"{moment(row['at']).astimezone(BEIJING):%Y%m%d}",
            "refstatus": "1" if row["at"] <= done_before else "0",
            "reftype": "0",
            "offline_ref_status": "",
            "refreason": row["reason"],
        }
        for index, row in enumerate(books.execute(f"{asked} WHERE {where} ORDER BY refund.id", values), 1)
    ]


def _day(fields: Fields) -> datetime:
    day = read_day(fields["v_ymd"])
    if day is None:
        raise Refused(wire.NO_REQUEST)
    return day


_ORDER_SIGN = ("oid", "pstatus", "amount", "moneytype")
_REFUND_SIGN = ("refid", "oid", "refamount", "refmoneytype", "refstatus")
KINDS: Mapping[str, Kind] = {
    QUERY: Kind(
        "/merchant/order/order_ack_oid_list.jsp", ("v_mid", "v_oid"), order,
        _ORDER_SIGN, "ordermessage", "order", "GB2312",
    ),
    DAY: Kind(
        "/merchant/order/order_ack_day_list.jsp", ("v_mid", "v_ymd"), orders_of_day,
        _ORDER_SIGN, "ordermessage", "order", "GB2312",
    ),
    REFUND: Kind(
        "/merchant/refund/ref_ack_submit.jsp", ("v_mid", "v_oid", "v_refamount", "v_refoprt"), refund,
        ("status", "mid", "oid", "refamount", "refoprt", "refid"), "refmessage", "", "GB2312",
    ),
    REFUNDS: Kind(
        "/merchant/refund/ref_ack_oid_list_utf8.jsp", ("v_mid", "v_oid"), refunds,
        _REFUND_SIGN, "refmessage", "refund", "UTF-8",
    ),
    REFUNDS_OF_DAY: Kind(
        "/merchant/refund/ref_ack_day_list_utf8.jsp", ("v_mid", "v_ymd"), refunds_of_day,
        _REFUND_SIGN, "refmessage", "refund", "UTF-8",
    ),
}  # fmt: skip

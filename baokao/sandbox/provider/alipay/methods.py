"""What the merchant's server asks: query, close, refund, refund query, a bill's address. Each answers an object."""

import secrets
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from baokao.sandbox.provider.alipay import bill, checks, fields, trades
from baokao.sandbox.provider.alipay.checks import Call
from baokao.sandbox.provider.alipay.config import BUYER_ID, BUYER_LOGON_ID, Config
from baokao.sandbox.provider.alipay.wire import Refused, done
from baokao.sandbox.provider.forms import stamp, told, yuan
from baokao.sandbox.provider.store import Books

Fields = dict[str, Any]
Method = Callable[[Books, Config, Call, datetime, str], Fields]
BILL_LIFE = timedelta(seconds=30)


def query(books: Books, config: Config, call: Call, now: datetime, fault: str) -> Fields:
    """`alipay.trade.query`."""
    trade = _trade_of(books, call)
    amount = yuan(trade["amount"])
    paid = trade["paid_at"] is not None
    money = dict.fromkeys(("buyer_pay_amount", "invoice_amount"), amount if paid else "0.00")
    return done(
        buyer_logon_id=BUYER_LOGON_ID,
        buyer_user_id=BUYER_ID,
        **money,
        point_amount="0.00",
        receipt_amount=amount if paid else "0.00",
        **({"send_pay_date": told(trade["paid_at"])} if paid else {}),
        out_trade_no=trade["out_trade_no"],
        total_amount=amount,
        trade_no=trade["trade_no"],
        trade_status=trade["status"],
    )


def close(books: Books, config: Config, call: Call, now: datetime, fault: str) -> Fields:
    """`alipay.trade.close`: an unpaid trade only."""
    fields.text(call.biz, "operator_id", 28)
    trade = _trade_of(books, call)
    trades.close(books, config, trade, now)
    return done(trade_no=trade["trade_no"], out_trade_no=trade["out_trade_no"])


def refund(books: Books, config: Config, call: Call, now: datetime, fault: str) -> Fields:
    """`alipay.trade.refund`: once for each `out_request_no`, however often it is asked."""
    amount = fields.amount(call.biz, "refund_amount")
    request_no = fields.number(call.biz, "out_request_no", must=False)
    reason = fields.text(call.biz, "refund_reason", 256)
    trade = _trade_of(books, call)
    if not request_no:
        if amount != trade["amount"]:
            raise Refused("40004", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "部分退款必须传入out_request_no")
        request_no = trade["out_trade_no"]
    earlier = _refund_of(books, trade, request_no)
    if earlier is not None:
        if earlier["amount"] != amount:
            raise Refused("40004", "ACQ.DISCORDANT_REPEAT_REQUEST", "同一退款请求号的金额与先前不一致")
        return _refunded(trade, earlier, moved=False)
    _refuse_refund(trade, amount)
    trade = trades.refund(books, config, trade, request_no, amount, reason, now)
    made = _refund_of(books, trade, request_no)
    assert made is not None
    return _refunded(trade, made, moved=True)


def _refuse_refund(trade: sqlite3.Row, amount: int) -> None:
    if trade["status"] == trades.FINISHED:
        raise Refused("40004", "ACQ.TRADE_HAS_FINISHED", "交易已完结，不能退款")
    if trade["paid_at"] is None:
        raise Refused("40004", "ACQ.TRADE_STATUS_ERROR", "交易状态不合法，尚未付款")
    if amount > trade["amount"] - trade["refunded"]:
        raise Refused("40004", "ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额大于可退金额")


def _refunded(trade: sqlite3.Row, made: sqlite3.Row, *, moved: bool) -> Fields:
    return done(
        buyer_logon_id=BUYER_LOGON_ID,
        buyer_user_id=BUYER_ID,
        fund_change="Y" if moved else "N",
        gmt_refund_pay=told(made["at"]),
        out_trade_no=trade["out_trade_no"],
        refund_fee=yuan(trade["refunded"]),
        send_back_fee="0.00",
        trade_no=trade["trade_no"],
    )


def refund_query(books: Books, config: Config, call: Call, now: datetime, fault: str) -> Fields:
    """`alipay.trade.fastpay.refund.query`: without the refund's fields there was no such refund."""
    request_no = fields.number(call.biz, "out_request_no")
    trade = _trade_of(books, call)
    found = _refund_of(books, trade, request_no)
    if found is None:
        return done()
    options = call.biz.get("query_options")
    more = {"gmt_refund_pay": told(found["at"])} if isinstance(options, list) and "gmt_refund_pay" in options else {}
    reason = {"refund_reason": found["reason"]} if found["reason"] else {}
    return done(
        out_request_no=request_no,
        out_trade_no=trade["out_trade_no"],
        refund_amount=yuan(found["amount"]),
        **reason,
        refund_status="REFUND_SUCCESS",
        total_amount=yuan(trade["amount"]),
        trade_no=trade["trade_no"],
        **more,
    )


def bill_address(books: Books, config: Config, call: Call, now: datetime, fault: str) -> Fields:
    """`alipay.data.dataservice.bill.downloadurl.query`: an address that is good for thirty seconds."""
    kind, day = fields.text(call.biz, "bill_type", 20), fields.text(call.biz, "bill_date", 15)
    period = bill.period(day)
    if kind not in ("trade", "signcustomer") or period is None or period.ends > now:
        raise Refused("40004", "isv.invalid_arguments", "入参不合法：bill_type或bill_date")
    seller = call.application.seller_id
    ready = now >= period.ends + timedelta(hours=config.bill_ready_hour)
    if kind != "trade" or not ready or not bill.has_rows(books, seller, period):
        raise Refused("40004", "isp.bill_not_exist", "账单不存在")
    token = secrets.token_urlsafe(24)
    books.execute(
        "INSERT INTO download (token, seller_id, begins, ends, at, fault) VALUES (?, ?, ?, ?, ?, ?)",
        (token, seller, stamp(period.begins), stamp(period.ends), stamp(now), fault),
    )
    return done(bill_download_url=f"{config.base_url}/alipay/bill/{token}")


METHODS: Mapping[str, Method] = {
    checks.QUERY: query,
    checks.CLOSE: close,
    checks.REFUND: refund,
    checks.REFUND_QUERY: refund_query,
    checks.BILL: bill_address,
}


def _trade_of(books: Books, call: Call) -> sqlite3.Row:
    return trades.find(books, call.application.seller_id, *fields.trade_numbers(call.biz))


def _refund_of(books: Books, trade: sqlite3.Row, request_no: str) -> sqlite3.Row | None:
    return books.execute(
        "SELECT * FROM refund WHERE trade_id = ? AND out_request_no = ?", (trade["id"], request_no)
    ).fetchone()

"""Page pay and phone pay: what a signed address asks for becomes a visit of the cashier, not yet a trade."""

import secrets
import sqlite3
from datetime import datetime
from typing import Any

from baokao.sandbox.provider.alipay import checks, fields, trades
from baokao.sandbox.provider.alipay.checks import Call
from baokao.sandbox.provider.alipay.config import PAGE, WAP
from baokao.sandbox.provider.alipay.forms import read_moment, read_timeout
from baokao.sandbox.provider.forms import is_address, stamp
from baokao.sandbox.provider.store import Books

PRODUCT_CODES = {PAGE: "FAST_INSTANT_TRADE_PAY", WAP: "QUICK_WAP_WAY"}


def arrive(books: Books, call: Call, now: datetime) -> str:
    """A browser arrives with a signed order; returns the visit's token. Raises `Refused`, as the cashier then shows."""
    product = PAGE if call.method == checks.PAGE_PAY else WAP
    wished = _read(call, product, now)
    token = secrets.token_urlsafe(24)
    row = {
        "token": token,
        "app_id": call.application.app_id,
        "seller_id": call.application.seller_id,
        "product": product,
        **wished,
        "return_url": call.return_url,
        "notify_url": call.notify_url,
        "at": stamp(now),
    }
    names = ", ".join(row)
    books.execute(f"INSERT INTO visit ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))  # noqa: S608
    refuse(books, find(books, token), now)
    return token


def find(books: Books, token: str) -> sqlite3.Row:
    """A visit. Raises `LookupError`."""
    found = books.execute("SELECT * FROM visit WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise LookupError(token)
    return found


def refuse(books: Books, visit: sqlite3.Row, now: datetime) -> None:
    """Raises `Refused` if the cashier can't take money for this visit now."""
    trade = trades.existing(books, visit)
    expires = visit["time_expire"]
    if trade is not None and trade["paid_at"] is None and trade["expires_at"] <= stamp(now):
        raise trades.timed_out()
    if trade is not None:
        trades.refuse_other_contents(visit, trade)
    elif expires is not None and expires <= stamp(now):
        raise trades.timed_out()


def _read(call: Call, product: str, now: datetime) -> dict[str, Any]:
    biz = call.biz
    if biz.get("product_code") != PRODUCT_CODES[product]:
        raise fields.invalid("product_code", f"应为{PRODUCT_CODES[product]}")
    if biz.get("seller_id", call.application.seller_id) != call.application.seller_id:
        raise fields.invalid("seller_id")
    if biz.get("goods_type", "0") not in ("0", "1"):
        raise fields.invalid("goods_type")
    deadline, timeout = fields.text(biz, "time_expire", 19), fields.text(biz, "timeout_express", 6)
    expires = read_moment(deadline, seconds=False) if deadline else None
    if deadline and expires is None:
        raise fields.invalid("time_expire", "应为yyyy-MM-dd HH:mm:ss")
    if timeout and read_timeout(timeout, now) is None:
        raise fields.invalid("timeout_express", "应为1m至15d的整数，或1c")
    quit_url = fields.text(biz, "quit_url", 400, must=product == WAP)
    if quit_url and not is_address(quit_url):
        raise fields.invalid("quit_url", "应为完整的http(s)地址")
    return {
        "out_trade_no": fields.number(biz, "out_trade_no"),
        "amount": fields.amount(biz, "total_amount"),
        "subject": fields.text(biz, "subject", 256, must=True),
        "body": fields.text(biz, "body", 128),
        "passback": fields.text(biz, "passback_params", 512),
        "time_expire": None if expires is None else stamp(expires),
        "timeout": timeout,
        "quit_url": quit_url,
    }

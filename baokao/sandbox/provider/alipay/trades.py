"""A trade's life: it comes into being, is paid, closed, refunded, finished. Only these functions change it."""

import sqlite3
from datetime import datetime, timedelta

from baokao.sandbox.provider.alipay import notices
from baokao.sandbox.provider.alipay.config import CLOSE, FINISH, PAYMENT, REFUND, Config
from baokao.sandbox.provider.alipay.forms import read_timeout
from baokao.sandbox.provider.alipay.wire import Refused
from baokao.sandbox.provider.forms import BEIJING, stamp
from baokao.sandbox.provider.store import Books

WAIT, SUCCESS, FINISHED, CLOSED = "WAIT_BUYER_PAY", "TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"
USUAL_LIFE = timedelta(days=15)


def find(books: Books, seller_id: str, trade_no: str, out_trade_no: str) -> sqlite3.Row:
    """The merchant's trade by either number. Raises `Refused` if there is none."""
    column, value = ("trade_no", trade_no) if trade_no else ("out_trade_no", out_trade_no)
    found = books.execute(f"SELECT * FROM trade WHERE seller_id = ? AND {column} = ?", (seller_id, value)).fetchone()  # noqa: S608
    if found is None:
        raise Refused("40004", "ACQ.TRADE_NOT_EXIST", "交易不存在")
    return found


def pass_time(books: Books, config: Config, now: datetime) -> None:
    """Close what was not paid in time and finish what can't be refunded any more, each at its own moment."""
    at = stamp(now)
    late = "SELECT * FROM trade WHERE status = 'WAIT_BUYER_PAY' AND expires_at <= ? ORDER BY expires_at"
    for trade in books.execute(late, (at,)).fetchall():
        _close(books, config, trade, trade["expires_at"])
    over = "SELECT * FROM trade WHERE status = 'TRADE_SUCCESS' AND finishes_at <= ? ORDER BY finishes_at"
    for trade in books.execute(over, (at,)).fetchall():
        books.execute("UPDATE trade SET status = 'TRADE_FINISHED' WHERE id = ?", (trade["id"],))
        notices.tell(books, config, _again(books, trade), FINISH, trade["finishes_at"])


def begin(books: Books, visit: sqlite3.Row, now: datetime) -> sqlite3.Row:
    """The trade of a visit: the one that exists, or one made now, because the payer has logged in.

    Raises `Refused` if it exists with other contents, is over, or the time for it is over.
    """
    found = existing(books, visit)
    if found is not None:
        refuse_other_contents(visit, found)
        return found
    deadline = deadline_of(visit, now)
    if deadline <= now:
        raise timed_out()
    made = books.execute(
        "INSERT INTO trade (trade_no, app_id, seller_id, product, out_trade_no, amount, subject, body, passback,"
        " notify_url, status, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAIT_BUYER_PAY', ?, ?)",
        (
            _next_number(books, now), visit["app_id"], visit["seller_id"], visit["product"], visit["out_trade_no"],
            visit["amount"], visit["subject"], visit["body"], visit["passback"], visit["notify_url"],
            stamp(now), stamp(deadline),
        ),
    )  # fmt: skip
    return books.execute("SELECT * FROM trade WHERE id = ?", (made.lastrowid,)).fetchone()


def existing(books: Books, visit: sqlite3.Row) -> sqlite3.Row | None:
    """The trade of that number, if there is one."""
    numbers = (visit["seller_id"], visit["out_trade_no"])
    return books.execute("SELECT * FROM trade WHERE seller_id = ? AND out_trade_no = ?", numbers).fetchone()


def refuse_other_contents(visit: sqlite3.Row, trade: sqlite3.Row) -> None:
    """A number may come again with the same contents only, and only while the trade waits. Raises `Refused`."""
    if any(visit[name] != trade[name] for name in ("app_id", "amount", "subject", "body", "product", "passback")):
        raise Refused("40004", "ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改：同一商户订单号的内容与先前不一致")
    if trade["paid_at"] is not None:
        raise Refused("40004", "ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
    if trade["status"] == CLOSED:
        raise Refused("40004", "ACQ.TRADE_HAS_CLOSE", "交易已经关闭")


def deadline_of(visit: sqlite3.Row, now: datetime) -> datetime:
    """Until when a trade that begins now can be paid: `time_expire` wins over `timeout_express`."""
    if visit["time_expire"] is not None:
        return datetime.fromtimestamp(visit["time_expire"] / 1000, BEIJING)
    return (read_timeout(visit["timeout"], now) if visit["timeout"] else None) or now + USUAL_LIFE


def timed_out() -> Refused:
    """Past `time_expire`."""
    return Refused("40004", "ACQ.ORDER_TIMED_OUT", "订单已超时，请返回商户重新下单")


def pay(books: Books, config: Config, trade: sqlite3.Row, faults: tuple[str, ...], now: datetime) -> sqlite3.Row:
    """The payer pays a waiting trade, with what is to go wrong about its notifications."""
    at = stamp(now)
    books.execute(
        "UPDATE trade SET status = 'TRADE_SUCCESS', paid_at = ?, finishes_at = ?, faults = ? WHERE id = ?",
        (at, stamp(now + config.refund_window), " ".join(faults), trade["id"]),
    )
    paid = _again(books, trade)
    notices.tell(books, config, paid, PAYMENT, at)
    return paid


def close(books: Books, config: Config, trade: sqlite3.Row, now: datetime) -> None:
    """The merchant closes an unpaid trade. Raises `Refused`."""
    if trade["status"] != WAIT:
        raise Refused("40004", "ACQ.TRADE_STATUS_ERROR", "交易状态不合法，只能关闭等待付款的交易")
    _close(books, config, trade, stamp(now))


def refund(
    books: Books, config: Config, trade: sqlite3.Row, request_no: str, amount: int, reason: str, now: datetime
) -> sqlite3.Row:
    """Money goes back; the last of it closes the trade. The caller has asked every rule. Returns the trade."""
    at = stamp(now)
    books.execute(
        "INSERT INTO refund (trade_id, out_request_no, amount, reason, at) VALUES (?, ?, ?, ?, ?)",
        (trade["id"], request_no, amount, reason, at),
    )
    books.execute("UPDATE trade SET refunded = refunded + ? WHERE id = ?", (amount, trade["id"]))
    books.execute(
        "UPDATE trade SET status = 'TRADE_CLOSED', closed_at = ? WHERE id = ? AND refunded = amount", (at, trade["id"])
    )
    refunded = _again(books, trade)
    notices.tell(books, config, refunded, REFUND, at, request_no)
    return refunded


def _close(books: Books, config: Config, trade: sqlite3.Row, at: int) -> None:
    books.execute("UPDATE trade SET status = 'TRADE_CLOSED', closed_at = ? WHERE id = ?", (at, trade["id"]))
    notices.tell(books, config, _again(books, trade), CLOSE, at)


def _again(books: Books, trade: sqlite3.Row) -> sqlite3.Row:
    return books.execute("SELECT * FROM trade WHERE id = ?", (trade["id"],)).fetchone()


def _next_number(books: Books, now: datetime) -> str:
    """28 digits: the day, then a counter."""
    (count,) = books.execute("SELECT coalesce(max(id), 0) + 1 FROM trade").fetchone()
    return f"{now.astimezone(BEIJING):%Y%m%d}2200140011{count:010d}"

"""Notifications: what each event tells, when it is told, and how that may go wrong."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from baokao.sandbox.provider import armed, outgoing
from baokao.sandbox.provider.alipay import faults, wire
from baokao.sandbox.provider.alipay.config import BUYER_ID, CLOSE, PAYMENT, REFUND, Config
from baokao.sandbox.provider.alipay.forms import told_exactly
from baokao.sandbox.provider.forms import BEIJING, stamp, told, yuan
from baokao.sandbox.provider.outgoing import Schedule
from baokao.sandbox.provider.store import Books

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Eight sendings in all.
PAUSES = (4 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR)
SCHEDULE = Schedule(PAUSES, b"success")


@dataclass(frozen=True)
class Delivery:
    """A notification to be sent now: a POST of this form to this address."""

    id: int
    url: str
    body: bytes
    out_trade_no: str
    kind: str


def tell(books: Books, config: Config, trade: sqlite3.Row, kind: str, at: int, request_no: str = "") -> None:
    """Queue the notification of an event, if the merchant gave an address and this product tells such events."""
    if not trade["notify_url"] or kind not in config.events[trade["product"]]:
        return
    found = (*trade["faults"].split(), *armed.take_for_event(books, trade["out_trade_no"]))
    event = books.execute(
        "INSERT INTO event (trade_id, kind, url, fields, faults, at) VALUES (?, ?, ?, ?, ?, ?)",
        (trade["id"], kind, trade["notify_url"], json.dumps(_fields(trade, kind, at, request_no)), " ".join(found), at),
    )
    withheld = faults.WITHHELD in found or (faults.AFTER_REFUND in found and kind == PAYMENT)
    delay = round(config.delay.total_seconds() * 1000 * config.factor) if faults.DELAYED in found else 0
    sendings = 2 if faults.DUPLICATE in found else 1
    outgoing.add(books, event.lastrowid, [None if withheld else at + delay] * sendings)
    if kind == REFUND and faults.AFTER_REFUND in found:
        books.execute(
            "UPDATE notice SET due_at = ? WHERE outcome IS NULL AND due_at IS NULL AND event_id IN"
            " (SELECT id FROM event WHERE trade_id = ? AND kind = 'payment')",
            (at + 1000, trade["id"]),
        )


def _fields(trade: sqlite3.Row, kind: str, at: int, request_no: str) -> dict[str, str]:
    amount, paid = yuan(trade["amount"]), trade["paid_at"] is not None
    return {
        "gmt_create": told(trade["created_at"]),
        "charset": "utf-8",
        "gmt_payment": told(trade["paid_at"]) if paid else "",
        "notify_time": "",
        "subject": trade["subject"],
        "body": trade["body"],
        "buyer_id": BUYER_ID,
        "invoice_amount": amount if paid else "",
        "version": "1.0",
        "notify_id": "",
        "fund_bill_list": f'[{{"amount":"{amount}","fundChannel":"ALIPAYACCOUNT"}}]' if paid else "",
        "notify_type": "trade_status_sync",
        "out_trade_no": trade["out_trade_no"],
        "total_amount": amount,
        "trade_status": trade["status"],
        "trade_no": trade["trade_no"],
        "auth_app_id": trade["app_id"],
        "receipt_amount": amount if paid else "",
        "point_amount": "0.00" if paid else "",
        "buyer_pay_amount": amount if paid else "",
        "app_id": trade["app_id"],
        "seller_id": trade["seller_id"],
        "passback_params": trade["passback"],
        "out_biz_no": request_no,
        "refund_fee": yuan(trade["refunded"]) if kind == REFUND else "",
        "gmt_refund": told_exactly(at) if kind == REFUND else "",
        "gmt_close": told(trade["closed_at"]) if kind in (CLOSE, REFUND) and trade["closed_at"] is not None else "",
    }


def due(books: Books, config: Config, now: datetime, limit: int) -> list[Delivery]:
    """Take what is due in hand, signed for this moment, the oldest first. Each has to be reported, or released."""
    return [_delivery(books, config, row["id"], row["event_id"], now) for row in outgoing.take(books, now, limit)]


def _delivery(books: Books, config: Config, notice_id: int, event_id: int, now: datetime) -> Delivery:
    asked = "SELECT url, kind, out_trade_no FROM event JOIN trade ON trade.id = trade_id WHERE event.id = ?"
    url, kind, number = books.execute(asked, (event_id,)).fetchone()
    return Delivery(notice_id, url, _body(books, config, event_id, now), number, kind)


def _body(books: Books, config: Config, event_id: int, now: datetime) -> bytes:
    event = books.execute("SELECT * FROM event WHERE id = ?", (event_id,)).fetchone()
    # All sendings of an event bear one id, which has the moment of the first.
    notify_id = event["notify_id"] or f"{now.astimezone(BEIJING):%Y%m%d01222%H%M%S}00011{event_id:010d}"
    books.execute("UPDATE event SET notify_id = ? WHERE id = ?", (notify_id, event_id))
    fields = json.loads(event["fields"]) | {"notify_time": told(stamp(now)), "notify_id": notify_id}
    return wire.encoded(faults.signed_notification(fields, event["faults"].split(), config)).encode()

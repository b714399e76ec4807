"""Notifications: what each event tells, when it is due, how often it is tried, and how it may go wrong."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from baokao.sandbox.provider.alipay import faults, wire
from baokao.sandbox.provider.alipay.config import BUYER_ID, CLOSE, PAYMENT, REFUND, Config
from baokao.sandbox.provider.alipay.forms import BEIJING, moment, stamp, told, told_exactly, yuan
from baokao.sandbox.provider.store import Books

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Pauses from one sending to the next; eight sendings in all.
PAUSES = (4 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR)
ACCEPTED = b"success"
_KEPT_OF_AN_ANSWER = 200


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
    found = (*trade["faults"].split(), *faults.take_for_event(books, trade["out_trade_no"]))
    event = books.execute(
        "INSERT INTO event (trade_id, kind, url, fields, faults, at) VALUES (?, ?, ?, ?, ?, ?)",
        (trade["id"], kind, trade["notify_url"], json.dumps(_fields(trade, kind, at, request_no)), " ".join(found), at),
    )
    withheld = faults.WITHHELD in found or (faults.AFTER_REFUND in found and kind == PAYMENT)
    delay = round(config.delay.total_seconds() * 1000 * config.factor) if faults.DELAYED in found else 0
    for _ in range(2 if faults.DUPLICATE in found else 1):
        due = None if withheld else at + delay
        books.execute("INSERT INTO notice (event_id, due_at) VALUES (?, ?)", (event.lastrowid, due))
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
    rows = books.execute(
        "SELECT notice.id, event_id, url, kind, out_trade_no FROM notice JOIN event ON event.id = event_id"
        " JOIN trade ON trade.id = trade_id"
        " WHERE due_at <= ? AND NOT in_hand ORDER BY due_at, notice.id LIMIT ?",
        (stamp(now), limit),
    ).fetchall()
    for row in rows:
        books.execute("UPDATE notice SET in_hand = 1 WHERE id = ?", (row["id"],))
    return [
        Delivery(row["id"], row["url"], _body(books, config, row["event_id"], now), row["out_trade_no"], row["kind"])
        for row in rows
    ]


def _body(books: Books, config: Config, event_id: int, now: datetime) -> bytes:
    event = books.execute("SELECT * FROM event WHERE id = ?", (event_id,)).fetchone()
    # All sendings of an event bear one id, which has the moment of the first.
    notify_id = event["notify_id"] or f"{now.astimezone(BEIJING):%Y%m%d01222%H%M%S}00011{event_id:010d}"
    books.execute("UPDATE event SET notify_id = ? WHERE id = ?", (notify_id, event_id))
    fields = json.loads(event["fields"]) | {"notify_time": told(stamp(now)), "notify_id": notify_id}
    return wire.encoded(faults.signed_notification(fields, event["faults"].split(), config)).encode()


def report(books: Books, config: Config, notice_id: int, status: int | None, answer: bytes, now: datetime) -> None:
    """What a sending came to: 200 with exactly `success` ends it; anything else (`status` None: no answer) means again
    after the schedule's next pause, and the eighth time the end."""
    notice = books.execute("SELECT * FROM notice WHERE id = ?", (notice_id,)).fetchone()
    tries = notice["tries"] + 1
    books.execute(
        "INSERT INTO sending (notice_id, at, status, answer) VALUES (?, ?, ?, ?)",
        (notice_id, stamp(now), status, answer[:_KEPT_OF_AN_ANSWER].decode("utf-8", "replace")),
    )
    due_at, outcome = None, None
    if status == 200 and answer == ACCEPTED:
        outcome = "delivered"
    elif tries > len(PAUSES):
        outcome = "given up"
    else:
        due_at = stamp(now + PAUSES[tries - 1] * config.factor)
    books.execute(
        "UPDATE notice SET tries = ?, due_at = ?, outcome = ?, in_hand = 0 WHERE id = ?",
        (tries, due_at, outcome, notice_id),
    )


def release(books: Books) -> None:
    """Nothing is in anybody's hand any more: a sender that was killed reported nothing."""
    books.execute("UPDATE notice SET in_hand = 0")


def send_now(books: Books, notice_id: int, now: datetime) -> None:
    """Make a notification due, whatever its state: withheld, waiting, delivered or given up."""
    books.execute("UPDATE notice SET due_at = ?, outcome = NULL WHERE id = ?", (stamp(now), notice_id))


def next_due(books: Books) -> datetime | None:
    """When the next notification is due; None if none is."""
    (at,) = books.execute("SELECT min(due_at) FROM notice WHERE NOT in_hand").fetchone()
    return None if at is None else moment(at)


__all__ = ["ACCEPTED", "PAUSES", "Delivery", "due", "next_due", "release", "report", "send_now", "tell"]

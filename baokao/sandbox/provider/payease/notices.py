"""Notifications: which orders a message tells of, when it is due, how it is signed, and how that may go wrong."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from baokao.sandbox.provider import armed, outgoing
from baokao.sandbox.provider.forms import yuan
from baokao.sandbox.provider.outgoing import Schedule
from baokao.sandbox.provider.payease import faults, messages
from baokao.sandbox.provider.payease.config import Config
from baokao.sandbox.provider.payease.messages import PAID, REFUSED, UNKNOWN
from baokao.sandbox.provider.store import Books

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Eight sendings in all.
PAUSES = (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR)
SCHEDULE = Schedule(PAUSES, b"sent")
MOST = 4
_KINDS = {UNKNOWN: "unknown", PAID: "payment", REFUSED: "refusal"}


@dataclass(frozen=True)
class Delivery:
    """A message to be sent now: a POST of this form, or without a body a GET of this address."""

    id: int
    url: str
    body: bytes | None
    orders: tuple[str, ...]


def tell(books: Books, config: Config, trade: sqlite3.Row, bank: str, pstatus: str, at: int) -> None:
    """Queue what a bank said of an order, in a message of its own or in one that others join."""
    found = (*trade["faults"].split(), *armed.take_for_event(books, trade["v_oid"]))
    if (config.joins or faults.JOINED in found) and faults.ALONE.isdisjoint(found):
        _join(books, config, trade, bank, pstatus, found, at)
        return
    if faults.UNKNOWN_FIRST in found:
        _queue(books, config, trade, bank, UNKNOWN, found, at - 1)
    _queue(books, config, trade, bank, pstatus, found, at)
    if faults.REJECTED_AFTER in found and pstatus == PAID:
        _queue(books, config, trade, bank, REFUSED, found, at + config.milliseconds(config.delay))


def _queue(
    books: Books, config: Config, trade: sqlite3.Row, bank: str, pstatus: str, found: tuple[str, ...], at: int
) -> None:
    event_id = _event(books, _KINDS[pstatus], found, at)
    _part(books, event_id, trade, bank, pstatus)
    delay = config.milliseconds(config.delay) if faults.DELAYED in found else 0
    due = None if faults.WITHHELD in found else at + delay
    outgoing.add(books, event_id, [due] * (2 if faults.DUPLICATE in found else 1))


def _join(
    books: Books, config: Config, trade: sqlite3.Row, bank: str, pstatus: str, found: tuple[str, ...], at: int
) -> None:
    """Into the message that is still open, unless it tells of this order already; the fourth order closes it."""
    event = books.execute(
        "SELECT event.* FROM event JOIN notice ON event_id = event.id WHERE open AND tries = 0 AND NOT in_hand"
        " AND due_at > ? AND event.id NOT IN (SELECT event_id FROM part WHERE trade_id = ?)",
        (at, trade["id"]),
    ).fetchone()
    if event is None:
        event_id = _event(books, "joined", found, at, more_may_join=True)
        outgoing.add(books, event_id, [at + config.milliseconds(config.join_pause)])
    else:
        event_id = event["id"]
        together = " ".join(dict.fromkeys((*event["faults"].split(), *found)))
        books.execute("UPDATE event SET faults = ? WHERE id = ?", (together, event_id))
    _part(books, event_id, trade, bank, pstatus)
    (count,) = books.execute("SELECT count(*) FROM part WHERE event_id = ?", (event_id,)).fetchone()
    if count == MOST:
        books.execute("UPDATE event SET open = 0 WHERE id = ?", (event_id,))
        books.execute("UPDATE notice SET due_at = ? WHERE event_id = ?", (at, event_id))


def _event(books: Books, kind: str, found: tuple[str, ...], at: int, *, more_may_join: bool = False) -> int | None:
    return books.execute(
        "INSERT INTO event (kind, faults, open, at) VALUES (?, ?, ?, ?)", (kind, " ".join(found), more_may_join, at)
    ).lastrowid


def _part(books: Books, event_id: int | None, trade: sqlite3.Row, bank: str, pstatus: str) -> None:
    books.execute(
        "INSERT INTO part (event_id, trade_id, bank, pstatus) VALUES (?, ?, ?, ?)",
        (event_id, trade["id"], bank, pstatus),
    )


def due(books: Books, config: Config, now: datetime, limit: int) -> list[Delivery]:
    """Take what is due in hand, the oldest first. Each has to be reported, or released."""
    return [_delivery(books, config, row["id"], row["event_id"]) for row in outgoing.take(books, now, limit)]


def _delivery(books: Books, config: Config, notice_id: int, event_id: int) -> Delivery:
    asked = (
        "SELECT part.*, v_oid, amount FROM part JOIN trade ON trade.id = trade_id WHERE event_id = ? ORDER BY part.id"
    )
    parts = [
        {"v_oid": row["v_oid"], "bank": row["bank"], "pstatus": row["pstatus"], "amount": yuan(row["amount"])}
        for row in books.execute(asked, (event_id,))
    ]
    (names,) = books.execute("SELECT faults FROM event WHERE id = ?", (event_id,)).fetchone()
    # Nobody joins what has been sent.
    books.execute("UPDATE event SET open = 0 WHERE id = ?", (event_id,))
    found = frozenset(names.split())
    text = messages.notification(config, parts, found)
    orders = tuple(part["v_oid"] for part in parts)
    address = config.merchant.notify_url
    if config.notify_by == "POST" or faults.POST in found:
        return Delivery(notice_id, address, text.encode("ascii"), orders)
    return Delivery(notice_id, f"{address}{'&' if '?' in address else '?'}{text}", None, orders)

"""An order's life: a bank refuses it, takes its time, or pays; money goes back. Only these functions change it."""

import sqlite3
from datetime import datetime

from baokao.sandbox.provider.forms import BEIJING, moment, stamp
from baokao.sandbox.provider.payease import notices, orders
from baokao.sandbox.provider.payease.config import Config
from baokao.sandbox.provider.payease.messages import PAID, REFUSED, SUBMITTED
from baokao.sandbox.provider.store import Books


def pass_time(books: Books, config: Config, now: datetime) -> None:
    """Pay what was submitted, each at the moment at which its bank makes up its mind."""
    asked = (
        "SELECT trade.*, bank FROM trade JOIN try ON trade_id = trade.id AND pstatus = '9'"
        " WHERE result_at <= ? ORDER BY result_at"
    )
    for trade in books.execute(asked, (stamp(now),)).fetchall():
        _pay(books, config, trade, trade["bank"], trade["result_at"])


def at_the_bank(
    books: Books, config: Config, trade: sqlite3.Row, bank: str, said: str, faults: tuple[str, ...], now: datetime
) -> None:
    """The payer comes to a bank, and what it says, with what is to go wrong about telling it. Raises `Unpayable`."""
    orders.refuse(trade)
    books.execute("UPDATE trade SET faults = ? WHERE id = ?", (" ".join(faults), trade["id"]))
    trade, at = again(books, trade), stamp(now)
    if said == PAID:
        _pay(books, config, trade, bank, at)
        return
    _tried(books, trade, bank, said, at)
    if said == SUBMITTED:
        due = at + config.milliseconds(config.result_pause)
        books.execute("UPDATE trade SET result_at = ? WHERE id = ?", (due, trade["id"]))
    else:
        notices.tell(books, config, trade, bank, REFUSED, at)


def refund(books: Books, trade: sqlite3.Row, amount: int, reason: str, now: datetime) -> str:
    """Money goes back, each time that it is asked for. The caller has asked every rule. Returns the refund's number."""
    (count,) = books.execute("SELECT coalesce(max(id), 0) + 1 FROM refund").fetchone()
    refid = f"R{now.astimezone(BEIJING):%Y%m%d}{count:08d}"
    books.execute(
        "INSERT INTO refund (trade_id, refid, amount, reason, at) VALUES (?, ?, ?, ?, ?)",
        (trade["id"], refid, amount, reason, stamp(now)),
    )
    books.execute("UPDATE trade SET refunded = refunded + ? WHERE id = ?", (amount, trade["id"]))
    return refid


def last_try(books: Books, trade: sqlite3.Row) -> sqlite3.Row | None:
    """What the payer did last; None before the first bank."""
    return books.execute("SELECT * FROM try WHERE trade_id = ? ORDER BY id DESC LIMIT 1", (trade["id"],)).fetchone()


def next_result(books: Books) -> datetime | None:
    """When the next bank makes up its mind."""
    (at,) = books.execute("SELECT min(result_at) FROM trade").fetchone()
    return None if at is None else moment(at)


def again(books: Books, trade: sqlite3.Row) -> sqlite3.Row:
    """The order as it stands now."""
    return books.execute("SELECT * FROM trade WHERE id = ?", (trade["id"],)).fetchone()


def _pay(books: Books, config: Config, trade: sqlite3.Row, bank: str, at: int) -> None:
    # What was submitted is decided now, so that it isn't told as submitted any more.
    books.execute("DELETE FROM try WHERE trade_id = ? AND pstatus = ?", (trade["id"], SUBMITTED))
    books.execute("UPDATE trade SET paid_at = ?, result_at = NULL WHERE id = ?", (at, trade["id"]))
    _tried(books, trade, bank, PAID, at)
    notices.tell(books, config, again(books, trade), bank, PAID, at)


def _tried(books: Books, trade: sqlite3.Row, bank: str, said: str, at: int) -> None:
    books.execute("INSERT INTO try (trade_id, bank, pstatus, at) VALUES (?, ?, ?, ?)", (trade["id"], bank, said, at))

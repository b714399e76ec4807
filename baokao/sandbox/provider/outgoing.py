"""The queue of notifications, whatever they say: when each is due, how often it is tried, what came of it."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from baokao.sandbox.provider.forms import moment, stamp
from baokao.sandbox.provider.store import Books

_KEPT_OF_AN_ANSWER = 200


@dataclass(frozen=True)
class Schedule:
    """The pauses from one sending to the next, and the one answer that ends it."""

    pauses: tuple[timedelta, ...]
    accepted: bytes


def add(books: Books, event_id: int | None, due_at: Iterable[int | None]) -> None:
    """Queue an event's notification, once for each moment; a moment of None waits for somebody to send it."""
    books.executemany("INSERT INTO notice (event_id, due_at) VALUES (?, ?)", [(event_id, at) for at in due_at])


def take(books: Books, now: datetime, limit: int) -> list[sqlite3.Row]:
    """Take what is due in hand, the oldest first: `id` and `event_id`. Each has to be reported, or released."""
    rows = books.execute(
        "SELECT id, event_id FROM notice WHERE due_at <= ? AND NOT in_hand ORDER BY due_at, id LIMIT ?",
        (stamp(now), limit),
    ).fetchall()
    books.executemany("UPDATE notice SET in_hand = 1 WHERE id = ?", [(row["id"],) for row in rows])
    return rows


def report(
    books: Books, schedule: Schedule, factor: float, notice_id: int, status: int | None, answer: bytes, now: datetime
) -> None:
    """What a sending came to: 200 with exactly the accepted answer ends it; anything else (`status` None: no answer)
    means again after the schedule's next pause, and after the last pause the end."""
    notice = books.execute("SELECT * FROM notice WHERE id = ?", (notice_id,)).fetchone()
    tries = notice["tries"] + 1
    books.execute(
        "INSERT INTO sending (notice_id, at, status, answer) VALUES (?, ?, ?, ?)",
        (notice_id, stamp(now), status, answer[:_KEPT_OF_AN_ANSWER].decode("utf-8", "replace")),
    )
    due_at, outcome = None, None
    if status == 200 and answer == schedule.accepted:
        outcome = "delivered"
    elif tries > len(schedule.pauses):
        outcome = "given up"
    else:
        due_at = stamp(now + schedule.pauses[tries - 1] * factor)
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


def listed(books: Books, limit: int) -> list[dict[str, Any]]:
    """Notifications, what waits first, each with what it tells (the protocol's view `told`) and the last answer."""
    rows = books.execute(
        "SELECT notice.*, told.*,"
        " (SELECT coalesce(status, '') || ' ' || answer FROM sending WHERE notice_id = notice.id"
        " ORDER BY id DESC LIMIT 1) AS last"
        " FROM notice JOIN told ON told.event_id = notice.event_id"
        " ORDER BY outcome IS NOT NULL, notice.id DESC LIMIT ?",
        (limit,),
    )
    return [dict(row) for row in rows]

"""The books (their tables `trade` and `refund`) as sums, so that a proof can hold ledger, books and bills against each
other; and as lists, to look at."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from baokao.sandbox.provider.forms import stamp
from baokao.sandbox.provider.store import Books

# Beijing is eight hours ahead of the epoch's day, whatever the season.
_DAY = "date(({} + 28800000) / 1000, 'unixepoch')"


@dataclass(frozen=True)
class Totals:
    """Counts, and sums in fen."""

    payments: int = 0
    paid: int = 0
    refunds: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        return self.paid - self.refunded


def by_day(books: Books, since: datetime | None = None, until: datetime | None = None) -> dict[str, Totals]:
    """Beijing day (`2026-11-23`) to its totals, in order; only what happened from `since` on and before `until`."""
    bounds = (-(2**62) if since is None else stamp(since), 2**62 if until is None else stamp(until))
    days: dict[str, list[int]] = {}
    for place, table, moment in ((0, "trade", "paid_at"), (2, "refund", "at")):
        asked = (
            f"SELECT {_DAY.format(moment)}, count(*), sum(amount) FROM {table}"  # noqa: S608
            f" WHERE {moment} >= ? AND {moment} < ? GROUP BY 1"
        )
        for day, count, fen in books.execute(asked, bounds):
            days.setdefault(day, [0, 0, 0, 0])[place : place + 2] = [count, fen]
    return {day: Totals(*days[day]) for day in sorted(days)}


def of_all(days: dict[str, Totals]) -> Totals:
    """Their sum."""
    each = [(day.payments, day.paid, day.refunds, day.refunded) for day in days.values()]
    return Totals(*map(sum, zip(*each, strict=True))) if each else Totals()


def trades(books: Books, limit: int) -> list[sqlite3.Row]:
    """The newest trades first."""
    return books.execute("SELECT * FROM trade ORDER BY id DESC LIMIT ?", (limit,)).fetchall()

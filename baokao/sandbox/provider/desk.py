"""What every provider's desk does alike: books, the queue of notifications, sums, and faults that are armed."""

import sqlite3
from abc import ABC, abstractmethod
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from baokao.sandbox.provider import armed, outgoing, totals
from baokao.sandbox.provider.outgoing import Schedule
from baokao.sandbox.provider.store import Store
from baokao.sandbox.provider.totals import Totals

_COMMON = Path(__file__).with_name("books.sql")


class BookedDesk(ABC):
    """A provider with its books; safe to use from several threads. Each deed is one transaction, with its moment."""

    # Under which name its pages lie.
    HOUSE: ClassVar[str]
    SCHEMA: ClassVar[Path]
    SCHEDULE: ClassVar[Schedule]

    def __init__(self, file: Path | None, factor: float) -> None:
        """`file` None keeps the books in memory. What a killed sender had in hand is due again."""
        self._factor = factor
        self._store = Store(file, self.SCHEMA.read_text() + _COMMON.read_text())
        with self._store.deal() as books:
            outgoing.release(books)

    def close(self) -> None:
        """Close the books."""
        self._store.close()

    def report(self, notice_id: int, status: int | None, answer: bytes, now: datetime) -> None:
        """What a sending came to; `status` None means that there was no answer."""
        with self._store.deal() as books:
            outgoing.report(books, self.SCHEDULE, self._factor, notice_id, status, answer, now)

    def send_now(self, notice_id: int, now: datetime) -> None:
        """Make a notification due at once."""
        with self._store.deal() as books:
            outgoing.send_now(books, notice_id, now)

    def next_due(self) -> datetime | None:
        """When the next notification is due, for whoever turns the clock."""
        with self._store.deal() as books:
            return outgoing.next_due(books)

    def totals(self, since: datetime | None = None, until: datetime | None = None) -> dict[str, Totals]:
        """What was paid and refunded, by Beijing day."""
        with self._store.deal() as books:
            return totals.by_day(books, since, until)

    def trades(self, limit: int = 200) -> list[sqlite3.Row]:
        """The newest trades first."""
        with self._store.deal() as books:
            return totals.trades(books, limit)

    def notices(self, limit: int = 200) -> list[dict[str, object]]:
        """Notifications, what waits first."""
        with self._store.deal() as books:
            return outgoing.listed(books, limit)

    @abstractmethod
    def arm(self, *wished: Any, **more: Any) -> None:
        """Let the next calls of a kind, or events (`notify`), go wrong. Raises `ValueError`, `TypeError`."""

    def disarm(self) -> None:
        """Nothing goes wrong any more."""
        with self._store.deal() as books:
            armed.disarm(books)

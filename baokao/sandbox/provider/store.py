"""A provider's own books: one SQLite file (or memory), one transaction at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Books = sqlite3.Connection


class Store:
    """The file and the lock before it. The books are small and every deal is short, so one at a time is enough."""

    def __init__(self, file: Path | None, schema: str) -> None:
        """`file` None keeps the books in memory. `schema` makes what is missing."""
        if file:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._books = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        self._books.row_factory = sqlite3.Row
        # With a write-ahead log a killed process loses nothing that was committed.
        self._books.execute("PRAGMA journal_mode = WAL")
        self._books.execute("PRAGMA synchronous = NORMAL")
        self._books.execute("PRAGMA foreign_keys = ON")
        self._books.executescript(schema)

    @contextmanager
    def deal(self) -> Iterator[Books]:
        """One transaction: kept whole when the block ends, forgotten whole when it raises."""
        with self._lock:
            self._books.execute("BEGIN IMMEDIATE")
            try:
                yield self._books
            except BaseException:
                self._books.execute("ROLLBACK")
                raise
            self._books.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._books.close()

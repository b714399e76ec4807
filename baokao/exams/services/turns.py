"""Turns of those who import: transaction-level advisory locks, taken in this order (docs/locking.md)."""

from django.db import connection


def take_shared() -> None:
    """One at a time sets what all sittings share: schools and campuses, pages and news."""
    _take("shared-import")


def take_sitting(sitting: str) -> None:
    """One at a time sets up a sitting or its offerings: both write a campus's own windows."""
    _take(f"sitting-import:{sitting}")


def join(sitting: str, province: str) -> None:
    """Schools set their own things beside one another, while no import and no freeze of the province is under way."""
    for name in ("shared-import", f"sitting-import:{sitting}"):
        _take(name, "pg_advisory_xact_lock_shared")
    join_freeze(province)


def join_freeze(province: str) -> None:
    """Change what a freeze of the province may forbid, beside others and while none is under way."""
    _take(f"freeze:{province}", "pg_advisory_xact_lock_shared")


def take_freeze(province: str) -> None:
    """Freezing or thawing waits for the schools that are just setting something, and they for it."""
    _take(f"freeze:{province}")


def _take(name: str, function: str = "pg_advisory_xact_lock") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s))", [name])

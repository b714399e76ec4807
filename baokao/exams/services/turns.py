"""Turns of those who import: transaction-level advisory locks, taken in this order (docs/locking.md)."""

from django.db import connection


def take_shared() -> None:
    """One at a time sets what all sittings share: schools and campuses, pages and news."""
    _take("shared-import")


def take_sitting(sitting: str) -> None:
    """One at a time sets up a sitting or its offerings: both write a campus's own windows."""
    _take(f"sitting-import:{sitting}")


def _take(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])

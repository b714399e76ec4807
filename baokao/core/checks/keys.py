"""Whether every stored value can be opened: its key may have been taken out of the ring too early (docs/keys.md)."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from baokao.core.checks.finding import Finding
from baokao.core.crypto import rotation


def findings() -> list[Finding]:
    """What stands under a key that is missing. Every row is read, so only the owner's role asks: it has no time-out."""
    return [*_missing()] if settings.ROLE == "owner" else []


def _missing() -> Iterator[Finding]:
    for column in rotation.columns():
        places = [(column.sealed, 1, "ENCRYPTION_KEYS", settings.ENCRYPTION_KEYS)]
        if column.digest_column:
            places.append((column.digest_column, 0, "DIGEST_KEYS", settings.DIGEST_KEYS))
        for name, byte, setting, ring in places:
            for key_id, count in _counts(column.table, name, byte):
                if key_id not in ring:
                    yield Finding(
                        "unsafe",
                        "keys.missing",
                        f"{count} values of {column.table}.{name} stand under key {key_id}, which is not in"
                        f" BAOKAO_{setting}. Nothing is lost: put the key back and run `baokao rotate-keys`.",
                    )


def _counts(table: str, column: str, byte: int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        # Names come from the models, never from outside.
        cursor.execute(
            f"SELECT get_byte({column}, {byte}) AS key, count(*) FROM {table}"  # noqa: S608
            f" WHERE {column} IS NOT NULL GROUP BY key ORDER BY key"
        )
        return cursor.fetchall()

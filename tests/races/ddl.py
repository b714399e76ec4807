"""Taking a constraint away for a control, and putting it back with nothing left that breaks it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Run a control without these constraints or unique indexes. Its rows are removed before they are put back."""
    with connection.cursor() as cursor:
        found = [_definition(cursor, name) for name in names]
        for drop, _ in found:
            cursor.execute(drop)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE registration_entry, registration_registration, exams_offering CASCADE")
            for _, create in found:
                cursor.execute(create)


def _definition(cursor, name: str) -> tuple[str, str]:
    cursor.execute(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
    )
    if row := cursor.fetchone():
        return (
            f"ALTER TABLE {row[0]} DROP CONSTRAINT {name}",
            f"ALTER TABLE {row[0]} ADD CONSTRAINT {name} {row[1]}",
        )
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
    row = cursor.fetchone()
    assert row, f"no constraint or index {name}"
    return f"DROP INDEX {name}", row[0]

"""What stands in the database, to be compared before and after: a digest of every table, and the rows of a person."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from baokao.core.brief import forget_all

# What any look may write: the log of looks, the buckets of the throttles, and captchas.
WRITTEN_BY_LOOKING = frozenset({"core_audit", "core_throttle", "core_captchapicture", "core_captchause"})


def tables() -> list[str]:
    """Every table that a look may not change: all but those above."""
    with connection.cursor() as cursor:
        return sorted(set(connection.introspection.table_names(cursor)) - WRITTEN_BY_LOOKING)


def digests(names: list[str]) -> dict[str, tuple[int, str]]:
    """How many rows each table has and a digest of them, in one statement."""
    each = (
        f"SELECT '{name}', count(*), coalesce(md5(string_agg(row::text, E'\\n' ORDER BY row::text)), '')"
        f' FROM "{name}" AS row'
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def rows(names: list[str]) -> set[tuple[str, str]]:
    """Every row of these tables as text, by its table."""
    return about(("",), names)


def about(ids: tuple[str, ...], names: list[str]) -> set[tuple[str, str]]:
    """Every row that speaks of one of these ids, by its table: what belongs to a person."""
    each = (f"SELECT '{name}', row::text FROM \"{name}\" AS row WHERE row::text ~ %s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each), ["|".join(ids)] * len(names))
        return set(cursor.fetchall())


class _Undone(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written within is taken back, so that the next attack finds the same house."""
    try:
        with transaction.atomic():
            yield
            raise _Undone
    except _Undone:
        forget_all()

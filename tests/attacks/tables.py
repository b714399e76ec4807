"""What stands in the database, to be compared before and after: which tables were written to, a digest of every table,
and the rows of a person."""

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


class Writes:
    """Tells to which of these tables anything was written since it was made, within one transaction and by the
    database's own count, which takes a hundredth of comparing them. What was taken back meanwhile counts as well."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._before = self._count()

    def touched(self) -> list[str]:
        return [name for name, count in self._count().items() if count != self._before[name]]

    def _count(self) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
                " + pg_stat_get_xact_tuples_deleted(oid) FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)",
                [self._names],
            )
            return dict(cursor.fetchall())


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
    if not names:
        return set()
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

"""How often somebody may try, counted in the database so that every process counts together.

Each scope and key has a bucket that `limit` tries fill and that runs empty evenly over `period`: a burst of `limit` is
let through, then one try for each `period / limit`. A refused try is not added, so that a flood writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from baokao.core.crypto.digests import digest
from baokao.core.raw import light

# The bucket is kept as the moment at which it would run empty; a try moves it on by one interval, unless that went
# past `now + period`. The statement is atomic: two tries at once line up at the row.
_STATEMENT = """
INSERT INTO core_throttle AS bucket (key, empty_at, until)
SELECT * FROM (VALUES {rows}) AS tried (key, empty_at, until) WHERE {light}
ON CONFLICT (key) DO UPDATE
   SET empty_at = greatest(bucket.empty_at, %s) + (excluded.empty_at - %s), until = excluded.until
 WHERE greatest(bucket.empty_at, %s) + (excluded.empty_at - %s) <= excluded.until
RETURNING key
"""


Try = tuple[str, str, int, timedelta]
"""Scope, key, limit, period. The key may be personal: only its digest is kept."""


@dataclass(frozen=True)
class Limit:
    """A scope's figures. Each app keeps its own in `limits.py`; docs/throttles.md says why they are what they are."""

    scope: str
    limit: int
    period: timedelta

    def of(self, key: str) -> Try:
        """A try of this key, for `allow`, `several` and `give_back`."""
        return (self.scope, key, self.limit, self.period)


def allow(scope: str, key: str, limit: int, period: timedelta, now: datetime) -> bool:
    """Count this try and say whether it is still within the limit."""
    return several([(scope, key, limit, period)], now)


def several(tries: Sequence[Try], now: datetime) -> bool:
    """Count one try in several buckets in one statement; True when none of them is over its limit.

    A try that one bucket refuses is still counted in the others.
    """
    buckets = {_stored(scope, key): (scope, limit, period) for scope, key, limit, period in tries}
    values: list[Any] = []
    # Rows are touched in key order, so that two requests with the same buckets can't lock each other out.
    for stored, (_, limit, period) in sorted(buckets.items()):
        # Rounded down, so that `limit` intervals never exceed the period by a microsecond.
        values += [stored, now + period // limit, now + period]
    statement = _STATEMENT.format(rows=", ".join(["(%s, %s, %s)"] * len(buckets)), light=light())
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, now, now, now, now])
        accepted = {bytes(key) for (key,) in cursor.fetchall()}
    if len(accepted) < len(buckets):
        _tell({buckets[stored][0] for stored in buckets.keys() - accepted})
    return len(accepted) == len(buckets)


def give_back(scope: str, key: str, limit: int, period: timedelta) -> None:
    """Take one counted try back, because it turned out to be none of those that the limit is for."""
    parameters: list[Any] = [period // limit, _stored(scope, key)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE core_throttle SET empty_at = empty_at - %s WHERE key = %s AND {light()}",  # noqa: S608 (our own words)
            parameters,
        )


def forget(scope: str, key: str, now: datetime) -> None:
    """Empty a bucket, because whom it guards against has been told apart from its owner."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_throttle SET empty_at = %s WHERE key = %s", [now, _stored(scope, key)])


def clean(now: datetime) -> int:
    """Remove the buckets that have run empty; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_throttle WHERE empty_at < %s", [now])
        return cursor.rowcount


def _tell(scopes: set[str]) -> None:
    """Count the refusals in the figures for /metrics."""
    # Not imported above: what starts the web processes empties the figures' folder first, and it imports this file.
    from baokao.core.http import metrics

    for scope in scopes:
        metrics.throttled(scope)


def _stored(scope: str, key: str) -> bytes:
    return digest("throttle", f"{scope}\x00{key}")

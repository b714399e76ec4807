"""Sealing in tests: the sealer waits for the oldest transaction of the whole server, even an ANALYZE by itself."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from baokao.core import clock
from baokao.core.audit import chain, sealer

PATIENCE_SECONDS = 30.0
# What would not be sealed now, because a transaction as old as it still runs, in whatever database.
_NOT_YET = "SELECT EXISTS (SELECT FROM core_audit WHERE xact >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"


def seal_soon() -> chain.Link:
    """The next seal, of which there must be one, when whoever else is writing has finished: no row stays behind."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _is_early() or (link := sealer.seal_once(clock.now())) is None:
        assert time.monotonic() < deadline, "nothing could be sealed; some transaction does not end"
        time.sleep(0.05)
    return link


def when_calm(question: Callable[[], Any]) -> Any:
    """The first answer that isn't empty: a fault of sealing isn't told while somebody's transaction is a long one."""
    deadline = time.monotonic() + 2 * PATIENCE_SECONDS
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return answer


def _is_early() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_NOT_YET)
        return bool(cursor.fetchone()[0])

"""Sealing: each second the audit rows of finished transactions get one seal, chained to the one before (proof f5).

No request waits for this. Rows are taken by their transaction's number, up to the oldest transaction that still runs
anywhere in the cluster: below that number nothing can appear any more, so a range is complete when it is sealed.
"""

import json
import os
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection

from baokao.core.audit import chain
from baokao.core.crypto.keys import keyring

log = structlog.get_logger("baokao.audit")

BATCH = 10_000


class ClockBehind(RuntimeError):
    """The cluster counts transactions below what is sealed already: the database was restored into a younger cluster.

    docs/audit.md says how its counter is moved past the last seal.
    """


def seal_once(now: datetime) -> chain.Link | None:
    """Write the next seal and ship its head; None when there is nothing to seal.

    Several sealers at once are harmless: a seal's number is a primary key, and who loses has written nothing.
    """
    number, since, previous, horizon = _state()
    if horizon < since:
        raise ClockBehind(f"transactions count from {horizon}, sealed until {since}")
    rows, until = _rows(since, horizon)
    written = None
    if rows:
        root = chain.root_of(rows)
        link = chain.Link(number, since, until, len(rows), root, previous, keyring("audit").current, now)
        written = link if _write(link) else None
    ship(settings.SEAL_LOG)
    return written


def ship(file: Path) -> None:
    """Append the heads of all seals that the file does not hold yet, one JSON object a line.

    The file is meant to lie where the database's owner can't write; the same goes to the log, which leaves the machine.
    """
    last = shipped_until(file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, until, hash FROM core_seal WHERE number > %s ORDER BY number", [last])
        heads = [{"number": number, "until": until, "hash": bytes(hash_).hex()} for number, until, hash_ in cursor]
    if not heads:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        for head in heads:
            lines.write(json.dumps(head) + "\n")
            log.info("audit.sealed", **head)
        lines.flush()
        os.fsync(lines.fileno())


def shipped_until(file: Path) -> int:
    """The number of the last whole line shipped; 0 for a file that does not exist yet."""
    if not file.exists():
        return 0
    with file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - 1000))
        whole = [
            line for line in lines.read().split(b"\n")[:-1] if line.startswith(b'{"number"') and line.endswith(b"}")
        ]
    return int(json.loads(whole[-1])["number"]) if whole else 0


def behind(now: datetime) -> float:
    """Seconds since the oldest unsealed row was written; 0 when every row is sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM %s - min(at)) FROM core_audit"
            " WHERE xact >= (SELECT coalesce(max(until), 0) FROM core_seal)",
            [now],
        )
        return max(0.0, float(cursor.fetchone()[0] or 0))


def _state() -> tuple[int, int, bytes, int]:
    """Number of the next seal, where it begins, the hash before it, and the oldest transaction that still runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (horizon,) = cursor.fetchone()
        cursor.execute("SELECT number, until, hash FROM core_seal ORDER BY number DESC LIMIT 1")
        last = cursor.fetchone()
    if last is None:
        return 1, 0, chain.GENESIS, horizon
    return last[0] + 1, last[1], bytes(last[2]), horizon


def _rows(since: int, horizon: int) -> tuple[list[chain.Row], int]:
    """The rows of the next seal and the transaction that it ends before; cut between transactions when there are many.

    The horizon was read by an earlier statement than these rows, so every transaction below it is visible here.
    """
    rows = _select(since, horizon, BATCH + 1)
    if len(rows) <= BATCH:
        return rows, horizon
    first, last = rows[0].xact, rows[-1].xact
    if last > first:
        return [row for row in rows if row.xact < last], last
    # One transaction wrote more than a batch, an import say; it is sealed whole.
    return _select(since, first + 1, None), first + 1


def _select(since: int, until: int, limit: int | None) -> list[chain.Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {chain.COLUMNS} FROM core_audit WHERE xact >= %s AND xact < %s ORDER BY xact, id LIMIT %s",  # noqa: S608
            [since, until, limit],
        )
        return [chain.Row(*found) for found in cursor.fetchall()]


def _write(link: chain.Link) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_seal (number, since, until, count, root, previous, key_id, hash, sealed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                link.number,
                link.since,
                link.until,
                link.count,
                link.root,
                link.previous,
                link.key_id,
                link.hash(),
                link.sealed_at,
            ],
        )
        return cursor.rowcount == 1

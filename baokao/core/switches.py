"""The operators' two switches, read by every request and therefore remembered for two seconds in each process."""

import threading
import time
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit

ENTRIES_PAUSED = "entries-paused"
READ_ONLY = "read-only"
NAMES = (ENTRIES_PAUSED, READ_ONLY)
REMEMBERED_SECONDS = 2.0


class SwitchAction(audit.AuditAction):
    """What this file writes into the audit log."""

    TURNED = "switch.turned"


_lock = threading.Lock()
_on: frozenset[str] = frozenset()
_read_at = float("-inf")


def entries_paused() -> bool:
    """Whether new entries are refused for now (报考暂停), everything else going on."""
    return ENTRIES_PAUSED in _current()


def read_only() -> bool:
    """Whether every write is refused for now, for a switch-over or a rotation of the digest keys."""
    return READ_ONLY in _current()


def turn(name: str, on: bool, now: datetime) -> None:
    """Turn a switch; every process follows within two seconds. `ValueError` for a name that is none."""
    if name not in NAMES:
        raise ValueError(f"{name} is no switch")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO core_switch (name, "on", changed_at) VALUES (%s, %s, %s)'
            ' ON CONFLICT (name) DO UPDATE SET "on" = excluded."on", changed_at = excluded.changed_at',
            [name, on, now],
        )
        audit.record(SwitchAction.TURNED, actor="operator", subject=f"switch:{name}", detail={"on": on}, at=now)
    forget()


def forget() -> None:
    """Make this process read the switches anew."""
    global _read_at
    _read_at = float("-inf")


def _current() -> frozenset[str]:
    global _on, _read_at
    if time.monotonic() - _read_at < REMEMBERED_SECONDS:
        return _on
    # While one thread reads, the others go on with what was known; nobody queues behind a slow database.
    if not _lock.acquire(blocking=False):
        return _on
    try:
        with connection.cursor() as cursor:
            cursor.execute('SELECT name FROM core_switch WHERE "on"')
            _on = frozenset(row[0] for row in cursor.fetchall())
        _read_at = time.monotonic()
    finally:
        _lock.release()
    return _on

"""Carrying the duties out, batch by batch, and keeping what was done."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from baokao.core import audit
from baokao.core.models import RetentionRun
from baokao.core.retention.duty import Duty

log = structlog.get_logger("baokao.retention")

# Rows that one transaction changes: a batch holds its locks for a fraction of a second.
BATCH = 1000
REPORTS_KEPT = timedelta(days=3 * 365)


class RetentionAction(audit.AuditAction):
    """What the clean-up writes into the audit log, a row a batch."""

    DELETED = "retention.deleted"
    BLANKED = "retention.blanked"


@dataclass(frozen=True)
class Outcome:
    """How many rows of a duty were due, or are done with."""

    duty: Duty
    rows: int


def duties() -> list[Duty]:
    """All duties, in the order in which they are done: what refers to a row comes before it."""
    return [duty for path in settings.RETENTION for duty in import_string(path)]


def due(now: datetime) -> Iterator[Outcome]:
    """What is due, with nothing changed."""
    for duty in duties():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {duty.table} t WHERE {duty.due}", duty.parameters(now))  # noqa: S608
            yield Outcome(duty, cursor.fetchone()[0])


def run(now: datetime, batch: int = BATCH) -> Iterator[Outcome]:
    """Do what is due, and keep a line a duty. Safe to interrupt, to run again and to run twice at once."""
    for duty in duties():
        done, after = 0, None
        while changed := _do(duty, now, batch, after):
            done, after = done + len(changed), max(changed)
        RetentionRun.objects.create(id=uuid.uuid4(), ran_at=now, name=duty.name, rows=done)
        log.info("retention.done", duty=duty.name, rows=done)
        yield Outcome(duty, done)
    RetentionRun.objects.filter(ran_at__lt=now - REPORTS_KEPT).delete()


def _do(duty: Duty, now: datetime, batch: int, after: uuid.UUID | None) -> list[uuid.UUID]:
    """One batch in a transaction of its own, of the rows behind a key; the keys that it changed.

    The rows are walked in the order of their keys, so that no batch reads again what an earlier one was through with.
    What somebody works on now is left for the next time.
    """
    beyond = f"AND t.{duty.key} > %(after)s" if after else ""
    # The words come from the duties, never from outside.
    chosen = (
        f"{duty.key} = ANY (ARRAY(SELECT t.{duty.key} FROM {duty.table} t WHERE {duty.due} {beyond}"  # noqa: S608
        f" ORDER BY t.{duty.key} LIMIT %(batch)s FOR UPDATE OF t SKIP LOCKED))"
    )
    deed = f"UPDATE {duty.table} SET {duty.blank}" if duty.blank else f"DELETE FROM {duty.table}"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        parameters = {**duty.parameters(now), "batch": batch, "after": after}
        cursor.execute(f"{deed} WHERE {chosen} RETURNING {duty.key}", parameters)
        changed = [key for (key,) in cursor.fetchall()]
        if changed:
            action = RetentionAction.BLANKED if duty.blank else RetentionAction.DELETED
            detail = {"rows": len(changed), "before": duty.before(now).isoformat()}
            audit.record(action, actor="system", subject=f"retention:{duty.name}", detail=detail, at=now)
    return changed

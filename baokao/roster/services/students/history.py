"""A record's lock, what it was before, and the row of its history."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Max

from baokao.core.verdict import Refused, RefusedError
from baokao.roster.imports.merging import KEPT, LABELS
from baokao.roster.imports.records import Row
from baokao.roster.models import RecordChange, StudentRecord
from baokao.roster.reach import Reach
from baokao.roster.services import gate

# The fields of a record that saving and moving it write; the web's role may write no others.
WRITTEN = [
    "id_number_sealed", "id_number_digest", "row_digest", "subjects_by_score", "removed_at",
    *(name.removesuffix("_id") if name.endswith("campus_id") else name for name in KEPT),
]  # fmt: skip
STALE = Refused("record.stale", "该学籍刚刚被修改过，", "请刷新页面，核对最新内容后再试。")


def locked(record_id: uuid.UUID, seen: bytes | None = None) -> StudentRecord:
    """The record, locked until the transaction ends. Raises RefusedError when `seen` isn't its row's digest any more:
    who decided about it was looking at something else."""
    record = StudentRecord.objects.select_for_update(no_key=True).get(id=record_id)
    if seen is not None and bytes(record.row_digest) != seen:
        raise RefusedError(STALE)
    return record


def opened(record_id: uuid.UUID, reach: Reach) -> StudentRecord:
    """The record, locked, for who reaches it; with an empty reach for the national office. Raises RefusedError when it
    went out of reach since the caller asked, and as `gate.enter`."""
    sitting = StudentRecord.objects.values_list("sitting_id", flat=True).get(id=record_id)
    gate.enter(sitting, *filter(None, [reach.school]))
    record = locked(record_id)
    if not reach.has(record.campus_id, record.department):
        raise RefusedError(STALE)
    return record


def kept(record: StudentRecord) -> tuple[str, ...]:
    """The columns that a roster file fills, in their order."""
    return tuple(getattr(record, name) for name in KEPT)


def row_of(record: StudentRecord) -> Row:
    """The record as a row of a file, for its digest."""
    return Row(record.id_number, kept(record))


def before(record: StudentRecord) -> dict[str, Any]:
    """What a change keeps of it: as the imports' SQL does."""
    removed = record.removed_at.isoformat() if record.removed_at else None
    digest = bytes(record.row_digest).hex()
    return {"row_digest": digest, "removed_at": removed, **dict(zip(KEPT, kept(record), strict=True))}


def differs(was: dict[str, Any], record: StudentRecord) -> list[str]:
    """Labels of the columns that are other than they were."""
    return [label for name, label in LABELS.items() if was[name] != getattr(record, name)]


def tell(
    record: StudentRecord,
    kind: RecordChange.Kind,
    *,
    name: str,
    now: datetime,
    was: dict[str, Any] | None = None,
    what: str = "",
    note: str = "",
    photo: bytes | None = None,
) -> None:
    """A row of the record's history, which the caller has locked. `name` is who did it, `was` what `before` said of the
    record. Who waited for the lock comes after what was done meanwhile, though asked earlier: an import that is taken
    back looks for what came after it."""
    latest = RecordChange.objects.filter(record_id=record.id).aggregate(at=Max("at"))["at"]
    RecordChange.objects.create(
        record_id=record.id,
        sitting_id=record.sitting_id,
        kind=kind,
        at=max(now, latest) if latest else now,
        by_name=name,
        before=was,
        photo_before=photo,
        what=what[:200],
        note=note[:200],
    )

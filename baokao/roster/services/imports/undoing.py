"""The job that takes an applied import back: every record is again what it was before (rule G3)."""

import uuid
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from baokao.core import audit
from baokao.core.verdict import RefusedError
from baokao.roster.audit import RosterAction
from baokao.roster.imports import merging, photos, planning
from baokao.roster.models import RosterImport
from baokao.roster.services import gate

_State = RosterImport.State
REGISTERED = "已有考生按这次导入的学籍保存了报名信息，不能撤销。请用新的文件或逐个修改来更正。"
CHANGED_SINCE = "这次导入之后有的学籍又有了更改，不能撤销。请先撤销其后的导入，或用新的文件更正。"

# Held against everything that would bind or change one of them; in the order of their ids.
_LOCK = """
SELECT r.id FROM roster_studentrecord r
WHERE r.id IN (SELECT record_id FROM roster_recordchange WHERE roster_import_id = %s) ORDER BY r.id FOR UPDATE
"""
_REGISTERED = """
SELECT EXISTS (
    SELECT FROM roster_recordchange c JOIN ({bound}) b ON b.record_id = c.record_id
    WHERE c.roster_import_id = %s AND c.kind <> 'removed' AND b.saved_at >= %s
)
"""
_CHANGED_SINCE = """
SELECT EXISTS (
    SELECT FROM roster_recordchange c JOIN roster_recordchange later ON later.record_id = c.record_id
    WHERE c.roster_import_id = %(import)s AND later.id <> c.id AND later.at >= c.at
      AND later.kind <> 'photo' AND later.roster_import_id IS DISTINCT FROM %(import)s
      AND NOT EXISTS (SELECT FROM roster_rosterimport i WHERE i.id = later.roster_import_id AND i.state = 'undone')
)
"""
_BACK = f"""
UPDATE roster_studentrecord r SET
    ({", ".join(merging.KEPT)}) = ROW ({", ".join(f"c.before->>'{name}'" for name in merging.KEPT)}),
    row_digest = decode(c.before->>'row_digest', 'hex'), removed_at = (c.before->>'removed_at')::timestamptz
FROM roster_recordchange c
WHERE c.roster_import_id = %s AND c.kind = 'changed' AND r.id = c.record_id
"""  # noqa: S608
_STAND_AGAIN = """
UPDATE roster_studentrecord r SET removed_at = NULL FROM roster_recordchange c
WHERE c.roster_import_id = %s AND c.kind = 'removed' AND r.id = c.record_id
"""
_GONE_AGAIN = """
UPDATE roster_studentrecord r SET removed_at = %s FROM roster_recordchange c
WHERE c.roster_import_id = %s AND c.kind = 'added' AND r.id = c.record_id
"""
_TELL = """
INSERT INTO roster_recordchange (id, record_id, roster_import_id, kind, sitting_id, at, by_name)
SELECT gen_random_uuid(), c.record_id, c.roster_import_id, 'undone', c.sitting_id, %s, %s FROM roster_recordchange c
WHERE c.roster_import_id = %s
"""


def undo(one_id: uuid.UUID, now: datetime) -> None:
    """Take an import back whose undoing was asked for, all of it or nothing.

    It stays applied, and says why, when somebody has saved a registration from it since, when one of its records was
    changed after it, or when the roster was frozen or its sitting closed meanwhile.
    """
    with transaction.atomic():
        kept_shut = _kept_shut(one_id)
        one = RosterImport.objects.select_for_update(no_key=True).get(id=one_id)
        if one.state != _State.UNDOING:
            return
        try:
            with transaction.atomic():
                reason = kept_shut or _undone(one, now)
        except IntegrityError:
            # A number of it stands in a newer record by now.
            reason = CHANGED_SINCE
        one.state, one.message, one.stage = _State.APPLIED if reason else _State.UNDONE, reason, ""
        if not reason:
            one.ended_at = now
            audit.record(
                RosterAction.IMPORT_UNDONE,
                actor="system",
                subject=f"roster_import:{one.id}",
                sitting=one.sitting_id,
                detail={"added": one.added, "changed": one.changed, "removed": one.removed},
                at=now,
            )
        one.save()


def _kept_shut(one_id: uuid.UUID) -> str:
    """Why the roster may not be changed now, in Chinese; nothing when it may."""
    try:
        gate.enter(*RosterImport.objects.values_list("sitting_id", "school_id").get(id=one_id))
    except RefusedError as refused:
        return refused.first.message
    return ""


def _undone(one: RosterImport, now: datetime) -> str:
    return photos.take_back(one, now) if one.kind == RosterImport.Kind.PHOTOS else _take_back(one, now)


def _take_back(one: RosterImport, now: datetime) -> str:
    """Nothing, once it is done; else why it isn't, in Chinese."""
    with connection.cursor() as cursor:
        merging.take_turns(cursor, one.sitting_id)
        merging.patiently(cursor)
        cursor.execute(_LOCK, [one.id])
        cursor.execute(_REGISTERED.format(bound=planning.bound()), [one.id, one.applied_at])
        if cursor.fetchone()[0]:
            return REGISTERED
        cursor.execute(_CHANGED_SINCE, {"import": one.id})
        if cursor.fetchone()[0]:
            return CHANGED_SINCE
        cursor.execute(_GONE_AGAIN, [now, one.id])
        cursor.execute(_BACK, [one.id])
        cursor.execute(_STAND_AGAIN, [one.id])
        cursor.execute(_TELL, [now, one.ended_by_name, one.id])
    return ""

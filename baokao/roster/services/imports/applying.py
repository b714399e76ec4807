"""The job that writes what a person has agreed to, if it is still what that person saw (rule G3)."""

import uuid
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from baokao.core import audit, uploads
from baokao.core.verdict import RefusedError
from baokao.roster.audit import RosterAction
from baokao.roster.imports import merging, photos, planning
from baokao.roster.imports.merging import Author, RosterMoved
from baokao.roster.imports.telling import FindingsByRow
from baokao.roster.models import ImportCells, ImportLine, RosterImport
from baokao.roster.services import gate
from baokao.roster.services.imports.progress import Told
from baokao.roster.services.imports.work import have_worked_on

_State = RosterImport.State
MOVED = "核对之后学籍库有了变动，已按最新情况重新核对，请再次确认。"


def apply(one_id: uuid.UUID, now: datetime) -> None:
    """Apply an import that was confirmed, all of it or nothing; nothing happens when it isn't to be applied.

    If the roster is another one than when it was checked, it is checked again instead, and a person asked again; if it
    was frozen or its sitting closed since, nothing is written and the import waits as before, saying why.
    """
    one = RosterImport.objects.filter(id=one_id, state=_State.APPLYING).first()
    if one is None:
        return
    Told(one, _State.APPLYING)("写入", 0, one.added + one.changed + one.removed)
    try:
        with transaction.atomic():
            gate.enter(one.sitting_id, one.school_id)
            one = RosterImport.objects.select_for_update(no_key=True).get(id=one_id)
            if one.state != _State.APPLYING:
                return
            _write(one, now)
    except (RosterMoved, IntegrityError):
        # A new record with one of the file's numbers shows as a breach of `one_record_an_id_number`.
        _check_again(one_id, now)
    except RefusedError as refused:
        RosterImport.objects.filter(id=one_id, state=_State.APPLYING).update(
            state=_State.READY, stage="", message=refused.first.message
        )


def _write(one: RosterImport, now: datetime) -> None:
    if one.kind == RosterImport.Kind.PHOTOS:
        photos.apply(one, now)
        action = RosterAction.PHOTOS_IMPORTED
    else:
        _write_roster(one, now)
        action = RosterAction.ROSTER_IMPORTED
    detail = {
        "import": str(one.id), "rows": one.rows, "added": one.added, "changed": one.changed, "removed": one.removed,
    }  # fmt: skip
    audit.record(
        action,
        actor=one.applied_by,
        subject=f"roster:{one.sitting_id}",
        sitting=one.sitting_id,
        detail=detail,
        at=now,
    )
    one.state, one.applied_at, one.stage = _State.APPLIED, now, ""
    upload, one.upload = one.upload, None
    one.save()
    ImportLine.objects.filter(roster_import=one).delete()
    if upload:
        uploads.remove(upload)


def _write_roster(one: RosterImport, now: datetime) -> None:
    """Ask for the plan again under the lock, and write it if it is the one that was seen."""
    with connection.cursor() as cursor:
        merging.take_turns(cursor, one.sitting_id)
        merging.patiently(cursor)
        planning.stage(cursor, one)
        findings = FindingsByRow()
        planning.find_faults(cursor, one, findings)
        planning.drop_faulty(cursor)
        if _newly_faulty(one, findings.faulty) or planning.has_moved(cursor, one):
            raise RosterMoved
        merging.merge(cursor, Author(one.applied_by_name, one.id, one.sitting_id, now))
        planning.remove_absent(cursor, one, one.applied_by_name, now)
        planning.end_claims(cursor, one, now)


def _newly_faulty(one: RosterImport, rows: set[int]) -> bool:
    known = ImportLine.objects.filter(roster_import=one, verdict="faulty", row__in=rows).count()
    return known < len(rows)


@transaction.atomic
def _check_again(one_id: uuid.UUID, now: datetime) -> None:
    """Have a new check of the same file made, and say why."""
    one = RosterImport.objects.select_for_update(no_key=True).get(id=one_id)
    if one.state != _State.APPLYING:
        return
    if one.upload is None:
        one.state, one.message, one.ended_at = _State.REFUSED, "文件的保存期限已过，请重新上传。", now
        one.save()
        return
    one.state, one.moved, one.message = _State.UPLOADED, True, MOVED
    one.stage, one.done, one.total = "等待核对", 0, 0
    one.save()
    ImportCells.objects.filter(roster_import=one).delete()
    have_worked_on(one, now)

"""What a person asks for: a file is sent, its import applied, discarded or taken back. A job does the work.

The job is asked for by a row of the outbox, so that it is asked for if and only if the import's state says so.
"""

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from baokao.core import audit, uploads
from baokao.core.verdict import ACCEPTED, Accepted, Refused, RefusedError
from baokao.core.words import masked_numbers
from baokao.roster.audit import RosterAction
from baokao.roster.models import RosterImport
from baokao.roster.reach import Reach
from baokao.roster.services import gate
from baokao.roster.services.imports.work import have_worked_on

_State = RosterImport.State
_NOT_NOW = Refused("import.not_now", "该导入的状态已改变，", "请刷新页面后查看最新状态。")
_NOTHING = Refused("import.nothing", "文件与学籍库一致，没有可写入的内容，", "无需写入。")
_FAULTS = Refused("import.faults", "文件中还有错误，", "请选择“跳过有错误的行”，或改正后重新上传。")
_BLOCKED = Refused("import.blocked", "有的错误不属于某一行，不能跳过，", "请改正后重新上传。")
_COUNT = Refused(
    "import.count", "输入的人数与将移出的人数不一致，", "请核对“将移出”的名单后重新输入。", about="removed"
)

# Files wait in the database, up to 200 MB each, and all schools' jobs take turns.
UNDECIDED_AT_MOST = 10
_TOO_MANY = Refused(
    "import.too_many",
    f"您还有 {UNDECIDED_AT_MOST} 次导入没有处理，",
    "请先写入或放弃其中一些，再上传新的文件。",
    about="file",
)


@dataclass(frozen=True)
class NewImport:
    """A file that a desk sends. `reach` is what the desk reaches, of one school."""

    sitting: str
    reach: Reach
    kind: RosterImport.Kind
    mode: RosterImport.Mode
    file: File


def send(new: NewImport, *, actor: str, name: str, now: datetime) -> uuid.UUID:
    """Keep the file and have it checked; the import's id. `name` is the sender's, for the history. Raises RefusedError
    when too many of the sender's wait to be decided, and as `gate.enter`."""
    refusals = audit.refusals(
        RosterAction.IMPORT_REFUSED, actor=actor, subject="roster_import:new", sitting=new.sitting, at=now
    )
    with refusals, transaction.atomic():
        gate.enter(new.sitting, new.reach.school)
        waiting = RosterImport.objects.filter(made_by=actor, upload__isnull=False)
        if waiting.exclude(state=_State.DISCARDED).count() >= UNDECIDED_AT_MOST:
            raise RefusedError(_TOO_MANY)
        return _sent(new, actor, name, now)


def _sent(new: NewImport, actor: str, name: str, now: datetime) -> uuid.UUID:
    kept = uploads.keep(new.file, now)
    one = RosterImport(
        sitting_id=new.sitting,
        school_id=new.reach.school,
        kind=new.kind,
        mode=new.mode,
        campuses=sorted(new.reach.campuses),
        departments=sorted(new.reach.departments),
        upload=kept.id,
        file_name=masked_numbers((new.file.name or "")[-100:])[:100],
        file_digest=kept.digest,
        made_at=now,
        made_by=actor,
        made_by_name=name,
    )
    one.save(force_insert=True)
    detail = {"school": one.school_id, "kind": one.kind, "mode": one.mode, "file": kept.digest.hex()}
    _told(RosterAction.IMPORT_SENT, one, actor, now, detail)
    have_worked_on(one, now)
    return one.id


def ask_to_apply(
    one_id: uuid.UUID, *, without_faulty: bool, removed: int, actor: str, name: str, now: datetime
) -> None:
    """Have a checked import applied, whole or without its faulty rows; `removed` is the number that was typed.

    Raises RefusedError: it is in another state by now, has faults that are not to be left out or can't be, says nothing
    new, would remove another number of students than was typed, and as `gate.enter`.
    """
    with _refusals(one_id, actor, now), transaction.atomic():
        _enter(one_id)
        one = _locked(one_id, _State.READY)
        verdict = _may_apply(one, without_faulty, removed)
        if isinstance(verdict, Refused):
            raise RefusedError(verdict)
        _begin_applying(one, actor, name, now)


def _may_apply(one: RosterImport, without_faulty: bool, removed: int) -> Accepted | Refused:
    if one.blocked:
        return _BLOCKED
    if one.faults and not without_faulty:
        return _FAULTS
    if one.nothing_to_do:
        return _NOTHING
    return ACCEPTED if one.removed == removed else _COUNT


def _begin_applying(one: RosterImport, actor: str, name: str, now: datetime) -> None:
    one.state, one.without_faulty, one.moved, one.message = _State.APPLYING, bool(one.faults), False, ""
    one.applied_by, one.applied_by_name = actor, name
    one.stage, one.done, one.total = "等待写入", 0, 0
    one.save()
    detail = {"added": one.added, "changed": one.changed, "removed": one.removed, "left_out": one.faulty}
    _told(RosterAction.IMPORT_CONFIRMED, one, actor, now, detail)
    have_worked_on(one, now)


def discard(one_id: uuid.UUID, *, actor: str, name: str, now: datetime) -> None:
    """Apply nothing of it, ever. Raises RefusedError when it is being applied, or is ended."""
    with _refusals(one_id, actor, now), transaction.atomic():
        one = _locked(one_id, _State.UPLOADED, _State.CHECKING, _State.READY)
        one.state, one.ended_at, one.ended_by_name = _State.DISCARDED, now, name
        one.save(update_fields=["state", "ended_at", "ended_by_name"])
        _told(RosterAction.IMPORT_DISCARDED, one, actor, now, {})
        have_worked_on(one, now)


def ask_to_undo(one_id: uuid.UUID, *, actor: str, name: str, now: datetime) -> None:
    """Have an applied import taken back; whether nobody has registered from it, the job asks under the locks.

    Raises RefusedError when it isn't applied, and as `gate.enter`.
    """
    with _refusals(one_id, actor, now), transaction.atomic():
        _enter(one_id)
        one = _locked(one_id, _State.APPLIED)
        one.state, one.ended_by_name, one.message = _State.UNDOING, name, ""
        one.stage, one.done, one.total = "等待撤销", 0, 0
        one.save(update_fields=["state", "ended_by_name", "message", "stage", "done", "total"])
        _told(RosterAction.UNDO_ASKED, one, actor, now, {})
        have_worked_on(one, now)


def tell_faulty_rows_sent(one: RosterImport, *, actor: str, now: datetime) -> None:
    """That the faulty rows, with whole ID numbers, were sent back to a desk (proof f6)."""
    _told(RosterAction.FAULTY_ROWS_SENT, one, actor, now, {"rows": one.faulty})


def _refusals(one_id: uuid.UUID, actor: str, now: datetime) -> AbstractContextManager[None]:
    return audit.refusals(RosterAction.IMPORT_REFUSED, actor=actor, subject=f"roster_import:{one_id}", at=now)


def _enter(one_id: uuid.UUID) -> None:
    gate.enter(*RosterImport.objects.values_list("sitting_id", "school_id").get(id=one_id))


def _locked(one_id: uuid.UUID, *states: RosterImport.State) -> RosterImport:
    one = RosterImport.objects.select_for_update(no_key=True).get(id=one_id)
    if one.state not in states:
        raise RefusedError(_NOT_NOW)
    return one


def _told(action: RosterAction, one: RosterImport, actor: str, now: datetime, detail: Mapping[str, object]) -> None:
    audit.record(
        action, actor=actor, subject=f"roster_import:{one.id}", sitting=one.sitting_id, detail=dict(detail), at=now
    )

"""学籍冲突: one of two schools gives way, or the office above both decides (rule G3)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.roster.audit import RosterAction
from baokao.roster.imports.merging import KEPT
from baokao.roster.imports.records import Row
from baokao.roster.models import RecordChange, RecordConflict, StudentRecord
from baokao.roster.queries import passed_before
from baokao.roster.rules import GIVEN_BY_SCORE, shown_name
from baokao.roster.services import gate
from baokao.roster.services.students import history

_State = RecordConflict.State
_SETTLED = Refused("conflict.settled", "该冲突已处理，", "请刷新页面查看结果。")
_NOT_YOURS = Refused("conflict.not_yours", "您不能这样处理该冲突，", "请由原学校释放，或由上级机构裁定。")
_NO_REASON = Refused("conflict.no_reason", "请填写理由，", "双方学校都会看到它。", about="reason")


class Party(StrEnum):
    """On which side somebody stands: the school that has the record, the one that claims it, an office above both."""

    HOLDER = "holder"
    CLAIMANT = "claimant"
    OFFICE = "office"


class Decision(StrEnum):
    """To whom the student belongs."""

    TO_CLAIMANT = "to_claimant"
    TO_HOLDER = "to_holder"


# Each school can only give way; the office decides either way.
_OUTCOMES = {
    (Party.HOLDER, Decision.TO_CLAIMANT): _State.RELEASED,
    (Party.CLAIMANT, Decision.TO_HOLDER): _State.WITHDRAWN,
    (Party.OFFICE, Decision.TO_CLAIMANT): _State.TO_CLAIMANT,
    (Party.OFFICE, Decision.TO_HOLDER): _State.TO_HOLDER,
}


@transaction.atomic
def claim(record: StudentRecord, claimant: str, row: Row, *, name: str, now: datetime) -> None:
    """File a school's claim to another school's record. One that is open already gets the newer row."""
    told = {"row_digest": row.digest.hex(), **dict(zip(KEPT, row.kept, strict=True))}
    RecordConflict.objects.update_or_create(
        record_id=record.id,
        claimant_id=claimant,
        state=_State.OPEN,
        defaults={"claim": told},
        create_defaults={
            "claim": told,
            "sitting_id": record.sitting_id,
            "holder_id": record.campus_id[:5],
            "claimed_at": now,
            "claimed_by_name": name,
        },
    )


def settle(
    conflict: uuid.UUID,
    decision: Decision,
    reason: str,
    *,
    party: Party,
    holder: str,
    actor: str,
    name: str,
    now: datetime,
) -> None:
    """Settle an open conflict. For the claimant, the record moves to its school with the claim's row; a live
    registration stays as it was saved (rule B8). `holder` is the school that had the record when `party` was found:
    another one may have it by now, and then it isn't this party's to give.

    Raises RefusedError: without a reason, settled already, not this party's to decide, and as `gate.enter`.
    """
    reason = shown_name(reason)[:200]
    with audit.refusals(RosterAction.CONFLICT_REFUSED, actor=actor, subject=f"conflict:{conflict}", at=now):
        outcome = _OUTCOMES.get((party, decision))
        if outcome is None:
            raise RefusedError(_NOT_YOURS)
        if not reason:
            raise RefusedError(_NO_REASON)
        with transaction.atomic():
            named = RecordConflict.objects.get(id=conflict)
            moves = party == Party.HOLDER
            gate.enter(named.sitting_id, *((holder, named.claimant_id) if moves else ()))
            record = history.locked(named.record_id)
            one = RecordConflict.objects.select_for_update(no_key=True).get(id=conflict)
            if one.state != _State.OPEN or not record.campus_id[:5] == one.holder_id == holder:
                raise RefusedError(_SETTLED)
            if decision == Decision.TO_CLAIMANT:
                _move(record, one, reason, name, now)
            one.state, one.reason = outcome, reason
            one.settled_at, one.settled_by_name = now, name
            one.save()
            detail: dict[str, Any] = {"record": str(record.id), "state": outcome, "claimant": one.claimant_id}
            audit.record(
                RosterAction.CONFLICT_SETTLED,
                actor=actor,
                subject=f"conflict:{one.id}",
                sitting=one.sitting_id,
                detail=detail,
                at=now,
            )


def _move(record: StudentRecord, one: RecordConflict, reason: str, name: str, now: datetime) -> None:
    was = history.before(record)
    for column in KEPT:
        setattr(record, column, one.claim[column])
    record.row_digest = bytes.fromhex(one.claim["row_digest"])
    record.removed_at = None
    if passed_before(record.id_number, record.name_key):
        record.subjects_by_score = GIVEN_BY_SCORE
    record.save(update_fields=history.WRITTEN)
    what = f"由 {one.holder_id} 转入 {one.claimant_id}"
    history.tell(record, RecordChange.Kind.MOVED, name=name, now=now, was=was, what=what, note=reason)
    # Who else claims it has another school to deal with now.
    RecordConflict.objects.filter(record_id=record.id, state=_State.OPEN).exclude(id=one.id).update(
        holder_id=one.claimant_id
    )

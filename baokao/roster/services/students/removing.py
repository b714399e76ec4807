"""移出学籍库: a student leaves the roster by hand, as by 整体替换 (rule G3)."""

import uuid
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.roster.audit import RosterAction
from baokao.roster.models import RecordChange
from baokao.roster.reach import Reach
from baokao.roster.rules import shown_name
from baokao.roster.services.students.history import before, opened, tell

_NO_REASON = Refused("record.no_reason", "请填写原因，", "它记入该学籍的历史。", about="reason")
_GONE = Refused("record.gone", "该考生已移出学籍库，", "无需再次移出。")


def remove(record: uuid.UUID, reason: str, *, reach: Reach, actor: str, name: str, now: datetime) -> None:
    """Remove a student: new look-ups miss, a live registration stays. 补录 with the same number takes it up again.

    Raises RefusedError: without a reason, when it is removed already or out of reach by now, and as `gate.enter`.
    """
    reason = shown_name(reason)
    with audit.refusals(RosterAction.RECORD_REFUSED, actor=actor, subject=f"record:{record}", at=now):
        if not reason:
            raise RefusedError(_NO_REASON)
        with transaction.atomic():
            one = opened(record, reach)
            if one.removed_at:
                raise RefusedError(_GONE)
            was, one.removed_at = before(one), now
            one.save(update_fields=["removed_at"])
            tell(one, RecordChange.Kind.REMOVED, name=name, now=now, was=was, note=reason)
            audit.record(
                RosterAction.RECORD_REMOVED, actor=actor, subject=f"record:{one.id}", sitting=one.sitting_id, at=now
            )

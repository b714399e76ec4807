"""限制报考: a school's own restriction of a student, or the national office's (rules B11, C3, G3)."""

import uuid
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.exams.models import Subject
from baokao.roster.audit import RosterAction
from baokao.roster.models import RecordChange
from baokao.roster.reach import EVERYWHERE, Reach
from baokao.roster.rules import order_subjects, shown_name
from baokao.roster.services.students.history import before, opened, row_of, tell

_REASON_AT_MOST = 100
_NO_REASON = Refused("record.no_reason", "请填写原因，", "考生报考时会看到它。", about="reason")
_LONG_REASON = Refused("record.long_reason", f"原因过长（多于 {_REASON_AT_MOST} 个字符），", "请缩短。", about="reason")
_SUBJECT = Refused("record.subject", "未知的科目，", "请重新勾选。", about="subjects")


def restrict(
    record: uuid.UUID, subjects: str, reason: str, *, reach: Reach, actor: str, name: str, now: datetime
) -> None:
    """Restrict a student from these subjects, by their codes, and from no others; none lifts the restriction. The
    school's and the national office's, whose reach is everywhere, stand beside each other, and neither touches the
    other's.

    Entries that are made already stay; the restriction is asked at each entry and payment (rule B8). Raises
    RefusedError: without or with too long a reason, an unknown subject, out of reach by now, and as `gate.enter`.
    """
    reason, national = shown_name(reason), reach == EVERYWHERE
    with audit.refusals(RosterAction.RECORD_REFUSED, actor=actor, subject=f"record:{record}", at=now):
        if not reason:
            raise RefusedError(_NO_REASON)
        if len(reason) > _REASON_AT_MOST:
            raise RefusedError(_LONG_REASON)
        if set(subjects) - set(Subject.objects.values_list("code", flat=True)):
            raise RefusedError(_SUBJECT)
        with transaction.atomic():
            one = opened(record, reach)
            was, codes = before(one), order_subjects(subjects)
            shown = reason if codes else ""
            if national:
                one.subjects_barred, one.barred_reason = codes, shown
            else:
                one.subjects_restricted, one.restriction_reason = codes, shown
                one.row_digest = row_of(one).digest
            one.save(
                update_fields=[
                    "subjects_barred", "barred_reason", "subjects_restricted", "restriction_reason", "row_digest",
                ]
            )  # fmt: skip
            who = "全国" if national else "本校"
            names = dict(Subject.objects.values_list("code", "name"))
            what = f"{who}限制：{'；'.join(names[code] for code in codes)}" if codes else f"解除{who}限制"
            tell(one, RecordChange.Kind.RESTRICTED, name=name, now=now, was=was, what=what, note=reason)
            audit.record(
                RosterAction.RECORD_RESTRICTED,
                actor=actor,
                subject=f"record:{one.id}",
                sitting=one.sitting_id,
                detail={"subjects": codes, "national": national},
                at=now,
            )

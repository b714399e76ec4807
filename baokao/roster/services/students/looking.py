"""Looking at a student, and at a whole ID number, at a desk (rules G2, H2; proof f6)."""

from datetime import datetime

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import masked_numbers
from baokao.roster.audit import RosterAction
from baokao.roster.models import StudentRecord
from baokao.roster.rules import shown_name

_REASON_AT_MOST = 100
_NO_REASON = Refused("record.no_reason", "请填写查看原因，", "查看完整证件号码会被记录。", about="reason")


def number_of(record: StudentRecord, reason: str, *, actor: str, now: datetime) -> str:
    """The whole ID number; that it was looked at, and why, is audited. Raises RefusedError without a reason."""
    reason = shown_name(reason)[:_REASON_AT_MOST]
    subject = f"record:{record.id}"
    with audit.refusals(RosterAction.RECORD_REFUSED, actor=actor, subject=subject, sitting=record.sitting_id, at=now):
        if not reason:
            raise RefusedError(_NO_REASON)
    # Who types the number into the reason would have it stand in the log.
    detail = {"reason": masked_numbers(reason)}
    audit.record(
        RosterAction.NUMBER_SHOWN, actor=actor, subject=subject, sitting=record.sitting_id, detail=detail, at=now
    )
    return record.id_number


def tell_looked_at(record: StudentRecord, *, actor: str, now: datetime) -> None:
    """That somebody opened a student's page."""
    subject = f"record:{record.id}"
    audit.record(RosterAction.RECORD_LOOKED_AT, actor=actor, subject=subject, sitting=record.sitting_id, at=now)

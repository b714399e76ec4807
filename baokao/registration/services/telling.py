"""What a desk is told of a candidate beyond what its lists show: each look leaves a row (rules A8, G2, H2)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from baokao.core import audit, outbox
from baokao.core.outbox import Urgency
from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import masked_numbers
from baokao.exams import queries as exams
from baokao.registration.audit import RegistrationAction
from baokao.registration.models import Registration
from baokao.roster.models import StudentRecord

NO_REASON = Refused("no_reason", "请填写理由，", "理由会记入审计日志。", about="reason")
NO_ACCOUNT = Refused("no_account", "该考生没有有效的报名信息，", "因此没有可查看的账号。")
_REASON_AT_MOST = 100


def looked_at(record: StudentRecord, actor: str, now: datetime) -> None:
    """Somebody at a desk opened the page about one student, on which number and account are masked."""
    _record(RegistrationAction.LOOKED_AT, record, actor, now, {})


def searched(sitting: str, actor: str, found: int, now: datetime) -> None:
    """Somebody at a desk searched for a student by ID number, which the row doesn't keep."""
    audit.record(
        RegistrationAction.SEARCHED, actor=actor, subject="record:searched", sitting=sitting,
        detail={"found": found}, at=now,
    )  # fmt: skip


def tell_account(record: StudentRecord, actor: str, reason: str, now: datetime) -> str:
    """The whole account with which the student is registered (rule A8). Its address is told of it by mail, without the
    name of who looked. Raises RefusedError without a reason, or where there is no live registration."""
    about = f"record:{record.id}"
    refusals = audit.refusals(
        RegistrationAction.TELL_REFUSED, actor=actor, subject=about, sitting=record.sitting_id, at=now
    )
    with refusals, transaction.atomic():
        said = _reason(reason)
        live = Registration.objects.filter(record=record, state=Registration.State.LIVE)
        registration = live.select_related("passport").first()
        if registration is None:
            raise RefusedError(NO_ACCOUNT)
        account = str(registration.passport.account)
        _record(RegistrationAction.ACCOUNT_TOLD, record, actor, now, {"reason": said})
        context = {"at": now, "sitting": exams.sitting_name(record.sitting_id)}
        outbox.send_mail(account, "registration/account_told", context, now, Urgency.USUAL)
    return account


def tell_number(record: StudentRecord, actor: str, reason: str, now: datetime) -> str:
    """The whole ID number of a record. Raises RefusedError without a reason."""
    about = f"record:{record.id}"
    with audit.refusals(RegistrationAction.TELL_REFUSED, actor=actor, subject=about, sitting=record.sitting_id, at=now):
        _record(RegistrationAction.NUMBER_TOLD, record, actor, now, {"reason": _reason(reason)})
    return str(record.id_number)


def exported(
    sitting: str, what: str, actor: str, told: Mapping[str, object], whole: bool, reason: str, now: datetime
) -> None:
    """A list leaves the site as a file, with whole ID numbers (`whole`) only for a reason. `told` says which list and
    how many rows. Raises RefusedError without the reason."""
    _leave(RegistrationAction.EXPORTED, sitting, what, actor, told, whole, reason, now)


def check_list_printed(
    sitting: str, actor: str, told: Mapping[str, object], whole: bool, reason: str, now: datetime
) -> None:
    """报名信息核对表 of some classes is shown to be printed; as `exported`."""
    _leave(RegistrationAction.CHECK_LIST_PRINTED, sitting, "check_list", actor, told, whole, reason, now)


def _leave(
    action: RegistrationAction,
    sitting: str,
    what: str,
    actor: str,
    told: Mapping[str, object],
    whole: bool,
    reason: str,
    now: datetime,
) -> None:
    about = f"list:{what}"
    with audit.refusals(RegistrationAction.TELL_REFUSED, actor=actor, subject=about, sitting=sitting, at=now):
        detail = {**told, "whole_numbers": whole, **({"reason": _reason(reason)} if whole else {})}
        audit.record(action, actor=actor, subject=about, sitting=sitting, detail=detail, at=now)


def _reason(reason: str) -> str:
    # Who types an ID number into a reason would have it stand in the log (rule H2).
    said = masked_numbers(" ".join(reason.split())[:_REASON_AT_MOST])
    if not said:
        raise RefusedError(NO_REASON)
    return said


def _record(
    action: RegistrationAction, record: StudentRecord, actor: str, now: datetime, detail: dict[str, object]
) -> None:
    audit.record(action, actor=actor, subject=f"record:{record.id}", sitting=record.sitting_id, detail=detail, at=now)

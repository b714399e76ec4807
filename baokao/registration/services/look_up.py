"""Looking a student record up by ID type, ID number and name (rule B3)."""

import uuid
from datetime import datetime

from baokao.core import audit, throttle
from baokao.core.http.refusals import RateLimited
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.registration import limits
from baokao.registration.audit import RegistrationAction
from baokao.registration.services.refusals import CLOSED
from baokao.roster.models import StudentRecord
from baokao.roster.queries import find_record
from baokao.roster.rules import number_key

MISSED = Refused("record_not_found", "未查到学籍信息，请核对证件类型、证件号码和姓名；仍查不到请联系学校负责老师。")


def look_up(
    passport: uuid.UUID, sitting: str, id_type: str, number: str, name: str, client: str, now: datetime
) -> StudentRecord:
    """The one record that matches in all three, compared after normalising both sides.

    Every kind of miss is one refusal after the same work, and so is a sitting that is over; RateLimited when this
    passport, this ID number or this client has asked too often.
    """
    if not exams.is_open(sitting):
        raise RefusedError(CLOSED)
    tries = [
        limits.LOOK_UP_PASSPORT.of(passport.hex),
        limits.LOOK_UP_NUMBER.of(number_key(number)),
        limits.LOOK_UP_CLIENT.of(client),
    ]
    if not throttle.several(tries, now):
        _record(RegistrationAction.LOOKUP_THROTTLED, passport, "unknown", sitting, now)
        raise RateLimited("查询次数过多，请过一会儿再试；资格信息仍查不到的，请联系学校负责老师。", retry_after=600)
    record = find_record(sitting, id_type, number, name)
    action = RegistrationAction.LOOKED_UP if record else RegistrationAction.LOOKUP_MISSED
    _record(action, passport, record.id if record else "unknown", sitting, now)
    if record is None:
        raise RefusedError(MISSED)
    return record


def number_shown(passport: uuid.UUID, record: StudentRecord, now: datetime) -> None:
    """Record that the whole ID number of a record was shown to who looked it up (proof f6; rule H2)."""
    _record(RegistrationAction.NUMBER_SHOWN, passport, record.id, record.sitting_id, now)


def _record(
    action: RegistrationAction, passport: uuid.UUID, record: uuid.UUID | str, sitting: str, now: datetime
) -> None:
    audit.record(action, actor=f"passport:{passport.hex}", subject=f"record:{record}", sitting=sitting, at=now)

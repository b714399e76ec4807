"""取消报名信息: the candidate ends an empty registration at once (rule B9)."""

import uuid
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit
from baokao.core.raw import prepared, raw_connection
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.registration import standing
from baokao.registration.audit import RegistrationAction
from baokao.registration.services.refusals import CLOSED, UNBOUND

NOT_EMPTY = Refused("not_empty", "报名信息下还有报考科目，不能取消。", "请先在“笔试报考”中取消未支付的科目。")

_END = """
UPDATE registration_registration r SET state = 'cancelled', ended_at = %s
 WHERE r.id = %s AND NOT EXISTS (SELECT FROM registration_entry e
                                  WHERE e.registration_id = r.id AND e.state IN ('unpaid', 'paid'))
"""


def end_registration(passport: uuid.UUID, sitting: str, now: datetime) -> None:
    """End the passport's live registration, which must hold no entry. Passport and record are free again.

    Raises RefusedError when there is none, when the sitting is over, or when it has an entry.
    """
    who = f"passport:{passport.hex}"
    with (
        audit.refusals(RegistrationAction.CANCEL_REFUSED, actor=who, subject=who, sitting=sitting, at=now),
        transaction.atomic(),
        connection.wrap_database_errors,
    ):
        raw = raw_connection()
        row = prepared(raw, standing.LOCK, [passport, sitting]).fetchone()
        if row is None:
            raise RefusedError(UNBOUND)
        if not exams.is_open(sitting):
            raise RefusedError(CLOSED)
        bound = standing.bound_from(row[1:])
        if raw.execute(_END, [now, bound.id]).rowcount == 0:
            raise RefusedError(NOT_EMPTY)
        audit.record(
            RegistrationAction.CANCELLED,
            actor=who,
            subject=f"registration:{bound.id}",
            sitting=sitting,
            at=now,
        )

"""Accepting the agreement of a sitting (rule B2)."""

import uuid
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries
from baokao.registration.audit import RegistrationAction
from baokao.registration.services.refusals import CLOSED

CHANGED = Refused("agreement_changed", "报名协议刚刚更新，请阅读新版本后再次勾选同意。", about="agree")


def accept_agreement(passport: uuid.UUID, sitting: str, version: int, address: str, now: datetime) -> None:
    """Keep that the passport accepted this version, when and from where; accepting it again keeps the first time.

    Raises RefusedError when the sitting is over, or when a newer version has come since the page was shown.
    """
    who = f"passport:{passport.hex}"
    about = f"agreement:{sitting}/{version}"
    with audit.refusals(RegistrationAction.AGREEMENT_REFUSED, actor=who, subject=about, sitting=sitting, at=now):
        if not queries.is_open(sitting):
            raise RefusedError(CLOSED)
        current = queries.agreement(sitting)
        if current is None or current.version != version:
            raise RefusedError(CHANGED)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO registration_agreementacceptance"
                " (id, passport_id, sitting_id, version, accepted_at, address) VALUES (%s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (passport_id, sitting_id, version) DO NOTHING",
                [uuid.uuid4(), passport, sitting, version, now, address],
            )
            if cursor.rowcount:
                audit.record(
                    RegistrationAction.AGREEMENT_ACCEPTED,
                    actor=who,
                    subject=about,
                    sitting=sitting,
                    at=now,
                )

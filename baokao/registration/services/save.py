"""Saving binds a passport to a student record for a sitting, with a snapshot (rules B5 to B8)."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from baokao.core import audit, switches
from baokao.core.raw import rows
from baokao.core.verdict import RefusedError
from baokao.exams import queries as exams
from baokao.registration import opening
from baokao.registration.audit import RegistrationAction
from baokao.registration.models import Registration
from baokao.registration.services.refusals import (
    ACCOUNT_ENDED,
    CLOSED,
    GONE,
    NO_AGREEMENT,
    NO_SUBJECT,
    OTHER_PASSPORT,
    OTHER_RECORD,
    PAUSED,
)
from baokao.roster import queries as roster
from baokao.roster.models import StudentRecord

DETAILS = (
    "degree", "length", "entry_year", "grade", "department", "major", "class_name", "student_no", "remark",
)  # fmt: skip

_HOLD = """
SELECT EXISTS (SELECT FROM registration_agreementacceptance a
                WHERE a.passport_id = p.id AND a.sitting_id = %s AND a.version = %s)
  FROM passport_passport p WHERE p.id = %s AND p.ended_at IS NULL
   FOR KEY SHARE OF p
"""

_HOLD_RECORD = "SELECT row_digest FROM roster_studentrecord WHERE id = %s AND removed_at IS NULL FOR KEY SHARE"


def save_registration(passport: uuid.UUID, record_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """Bind the passport to the record, and return the registration's id. Saving the same again changes nothing.

    Raises RefusedError: the sitting is over (B1), the account has ended, the agreement isn't accepted (B2), no eligible
    subject (B5), no window open (B6), the record or the passport is bound otherwise (B7), or the operators paused
    entries.
    """
    who = f"passport:{passport.hex}"
    about = f"record:{record_id}"
    with audit.refusals(RegistrationAction.SAVE_REFUSED, actor=who, subject=about, at=now):
        if switches.entries_paused():
            raise RefusedError(PAUSED)
        record = roster.record_of(record_id)
        if record is None:
            raise RefusedError(GONE)
        if not exams.is_open(record.sitting_id):
            raise RefusedError(CLOSED)
        try:
            with transaction.atomic():
                _hold(passport, record.sitting_id)
                record = _held(record)
                found = opening.read(record, now)
                if not found.eligible:
                    raise RefusedError(NO_SUBJECT)
                if found.closed is not None:
                    raise RefusedError(found.closed)
                registration = _snapshot(passport, record, found.kept, now)
                registration.save(force_insert=True)
                audit.record(
                    RegistrationAction.SAVED,
                    actor=who,
                    subject=f"registration:{registration.id}",
                    sitting=record.sitting_id,
                    detail={"record": str(record.id)},
                    at=now,
                )
                return registration.id
        except IntegrityError as clash:
            return _whose(clash, passport, record)


def _hold(passport: uuid.UUID, sitting: str) -> None:
    """Keep the account from ending until this transaction is over (`services/leave.py`), and make sure that it lives
    and has accepted the version of the agreement that holds now (rule B2). Raises RefusedError."""
    current = exams.agreement(sitting)
    found = rows(_HOLD, [sitting, current.version if current else 0, passport])
    if not found:
        raise RefusedError(ACCOUNT_ENDED)
    if not found[0][0]:
        raise RefusedError(NO_AGREEMENT)


def _held(record: StudentRecord) -> StudentRecord:
    """The record, kept from being taken back with its import until this transaction is over, and as it is now.
    Raises RefusedError when it left the roster since it was read."""
    found = rows(_HOLD_RECORD, [record.id])
    if found and bytes(found[0][0]) == bytes(record.row_digest):
        return record
    now = roster.record_of(record.id) if found else None
    if now is None:
        raise RefusedError(GONE)
    return now


def _snapshot(passport: uuid.UUID, record: StudentRecord, subjects: str, now: datetime) -> Registration:
    registration = Registration(
        sitting_id=record.sitting_id,
        passport_id=passport,
        record_id=record.id,
        saved_at=now,
        empty_since=now,
        name=record.name,
        gender=record.gender,
        id_type=record.id_type,
        campus_id=record.campus_id,
        written_campus_id=record.written_campus_id,
        subjects=subjects,
        details={name: getattr(record, name) for name in DETAILS},
    )
    registration.id_number = record.id_number
    return registration


def _whose(clash: IntegrityError, passport: uuid.UUID, record: StudentRecord) -> uuid.UUID:
    """Which of the two bindings was taken (rule B7); the same passport saving the same record again has saved."""
    own = Registration.objects.filter(
        passport_id=passport, sitting_id=record.sitting_id, state=Registration.State.LIVE
    ).first()
    if own is not None and own.record_id == record.id:
        return own.id
    raise RefusedError(OTHER_RECORD if own is not None else OTHER_PASSPORT) from clash

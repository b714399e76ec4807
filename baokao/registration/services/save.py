"""Saving binds a passport to a student record for a sitting, with a snapshot (rules B5 to B8)."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from baokao.core import audit, switches
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.exams.rules import Person
from baokao.registration import facts, rules, standing
from baokao.registration.audit import RegistrationAction
from baokao.registration.models import AgreementAcceptance, Registration
from baokao.roster import queries as roster
from baokao.roster.models import StudentRecord
from baokao.roster.rules import eligible_subjects

OTHER_PASSPORT = Refused("record_bound", "该考生已由其他通行证账号报名，请使用“找回账号”或联系学校负责老师。")
OTHER_RECORD = Refused("passport_bound", "本通行证账号已绑定其他考生。", "请先返回首页查看已保存的报名信息。")
NO_SUBJECT = Refused("no_subject", "资格科目为无，无法继续报名，请联系学校负责老师。")
NO_AGREEMENT = Refused("no_agreement", "请先阅读并同意报名协议。", "返回首页，点击“开始报名”。")
GONE = Refused("record_gone", "学籍信息已变更，请重新查询。")
PAUSED = Refused("paused", "报考暂停，请稍后再试。已保存的信息不受影响。")

DETAILS = (
    "degree", "length", "entry_year", "grade", "department", "major", "class_name", "student_no", "remark",
)  # fmt: skip


def save_registration(passport: uuid.UUID, record_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """Bind the passport to the record, and return the registration's id. Saving the same again changes nothing.

    Raises RefusedError: the agreement isn't accepted (B2), no eligible subject (B5), no window open (B6), the record or
    the passport is bound otherwise (B7), or the operators paused entries.
    """
    if switches.entries_paused():
        raise RefusedError(PAUSED)
    record = roster.record_of(record_id)
    if record is None:
        raise RefusedError(GONE)
    check(passport, record, now)
    try:
        with transaction.atomic():
            registration = _snapshot(passport, record, now)
            registration.save(force_insert=True)
            audit.record(
                RegistrationAction.SAVED,
                actor=f"passport:{passport.hex}",
                subject=f"registration:{registration.id}",
                sitting=record.sitting_id,
                detail={"record": str(record.id)},
                at=now,
            )
            return registration.id
    except IntegrityError as clash:
        return _whose(clash, passport, record)


def check(passport: uuid.UUID, record: StudentRecord, now: datetime) -> None:
    """All that must hold before saving; the page shows the same refusals. Raises RefusedError."""
    current = exams.agreement(record.sitting_id)
    accepted = AgreementAcceptance.objects.filter(
        passport_id=passport, sitting_id=record.sitting_id, version=current.version if current else 0
    )
    if not accepted.exists():
        raise RefusedError(NO_AGREEMENT)
    if not roster.subjects_of(record):
        raise RefusedError(NO_SUBJECT)
    closed = window_refusal(record, now)
    if closed is not None:
        raise RefusedError(closed)


def window_refusal(record: StudentRecord, now: datetime) -> Refused | None:
    """Why nothing can be saved at this moment (rule B6): open means that any written offering of the campus is."""
    found = facts.from_rows(_written_rows(record), _who(record))
    spans = [span for subject in found if subject.offering is not None for span in subject.spans]
    reason = rules.closed_reason(spans, now)
    return Refused("closed", reason, "届时请重新查询并保存。" if "开始" in reason else "") if reason else None


def _who(record: StudentRecord) -> facts.Who:
    person = Person(record.campus.school_id, record.grade, record.degree)
    campus = record.written_campus
    return facts.Who(record.sitting_id, None, campus.school_id, campus.code, person, "", "", "")


def _written_rows(record: StudentRecord) -> list[tuple[object, ...]]:
    return standing.raw_connection().execute(facts.STATEMENT, _who(record).parameters("written")).fetchall()


def _snapshot(passport: uuid.UUID, record: StudentRecord, now: datetime) -> Registration:
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
        # Restrictions are asked at every entry and not kept (rule B8), so they are not taken off here.
        subjects=eligible_subjects(
            record.subjects_given, record.subjects_by_score, record.subjects_by_review, "", roster.offered_at(record)
        ),
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

"""保存并提交复核 and 删除申请: what the candidate does (rules E2 to E5, E7)."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from baokao.core import audit, throttle
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.review import facts, limits, rules
from baokao.review.audit import ReviewAction
from baokao.review.models import Application
from baokao.review.rules import Case, Outcome
from baokao.review.services.passing import Holders, pass_record
from baokao.review.services.refusals import CLOSED, GONE, TOO_MANY
from baokao.roster import services as roster
from baokao.roster.models import StudentRecord
from baokao.roster.rules import number_key

SYSTEM = "system"


def submit(
    passport: uuid.UUID,
    record: uuid.UUID,
    sitting: str,
    *,
    ticket: str,
    eligible: str,
    client: str,
    holders: Holders,
    now: datetime,
) -> Application:
    """Apply with a ticket number, or again after a failure; the application as it stands then.

    It passes by itself or waits for a coordinator. `eligible` are the codes that the candidate may enter as things
    stand, `holders` tells whom a pass concerns besides. Raises RefusedError: the sitting is over, tried too often, or
    what rules E1, E2, E5, E6 and E7 say.
    """
    who = f"passport:{passport.hex}"
    with audit.refusals(ReviewAction.SUBMIT_REFUSED, actor=who, subject=f"record:{record}", sitting=sitting, at=now):
        _count_the_try(passport, record, client, now)
        try:
            with transaction.atomic():
                return _submit(passport, record, sitting, number_key(ticket), eligible, holders, now)
        except IntegrityError as clash:
            # Another record's application of the same passport, saved in this very moment.
            raise RefusedError(rules.OTHER_RECORD) from clash


def _count_the_try(passport: uuid.UUID, record: uuid.UUID, client: str, now: datetime) -> None:
    tries = [
        limits.SUBMIT_PASSPORT.of(passport.hex),
        limits.SUBMIT_RECORD.of(record.hex),
        limits.SUBMIT_CLIENT.of(client),
    ]
    if not throttle.several(tries, now):
        raise RefusedError(TOO_MANY)


def _submit(
    passport: uuid.UUID, wanted: uuid.UUID, sitting: str, ticket: str, eligible: str, holders: Holders, now: datetime
) -> Application:
    record, case = _locked(passport, wanted, sitting, eligible)
    if refused := rules.submission_refusals(case, now):
        raise RefusedError(*refused)
    outcome = rules.outcome(ticket, facts.score(ticket, record))
    if isinstance(outcome, Refused):
        raise RefusedError(outcome)
    application = _kept(passport, record, ticket, now)
    if outcome is Outcome.PASSED:
        pass_record(record, SYSTEM, holders, now)
        application.refresh_from_db()
    audit.record(
        ReviewAction.SUBMITTED,
        actor=f"passport:{passport.hex}",
        subject=f"review:{application.id}",
        sitting=sitting,
        detail={"record": str(record.id), "outcome": outcome, "count": application.submitted_count},
        at=now,
    )
    return application


def _kept(passport: uuid.UUID, record: StudentRecord, ticket: str, now: datetime) -> Application:
    """The passport's application for the record, made or taken up again."""
    earlier = Application.objects.filter(sitting_id=record.sitting_id, passport_id=passport, record=record).first()
    if earlier is None:
        return Application.objects.create(
            sitting_id=record.sitting_id, passport_id=passport, record=record, ticket_number=ticket, submitted_at=now
        )
    earlier.state, earlier.settled_at, earlier.settled_by = Application.State.PENDING, None, ""
    earlier.ticket_number, earlier.submitted_at = ticket, now
    earlier.submitted_count += 1
    earlier.save()
    return earlier


def withdraw(passport: uuid.UUID, record: uuid.UUID, sitting: str, now: datetime) -> None:
    """删除申请: only a failed one can be deleted (rule E4). The row stays, so that its submissions stay counted."""
    who = f"passport:{passport.hex}"
    with (
        audit.refusals(ReviewAction.WITHDRAW_REFUSED, actor=who, subject=f"record:{record}", sitting=sitting, at=now),
        transaction.atomic(),
    ):
        _, case = _locked(passport, record, sitting, "")
        if refused := rules.withdrawal_refusals(case):
            raise RefusedError(*refused)
        application = Application.objects.get(sitting_id=sitting, passport_id=passport, record_id=record)
        application.state, application.settled_at, application.settled_by = Application.State.WITHDRAWN, None, ""
        application.save()
        audit.record(ReviewAction.WITHDRAWN, actor=who, subject=f"review:{application.id}", sitting=sitting, at=now)


def _locked(passport: uuid.UUID, wanted: uuid.UUID, sitting: str, eligible: str) -> tuple[StudentRecord, Case]:
    """The record, locked: everything about its reviews lines up there. Then its case, read after the lock."""
    if not exams.is_open(sitting):
        raise RefusedError(CLOSED)
    record = roster.lock_record(wanted)
    if record is None or record.sitting_id != sitting:
        raise RefusedError(GONE)
    # Another passport's application may have passed since the page was asked for what is eligible.
    return record, facts.case(record.id, passport, eligible + record.subjects_by_review)

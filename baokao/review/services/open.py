"""An application under its record's lock, and the decision about it that has not taken effect."""

import uuid
from datetime import datetime

from django.conf import settings

from baokao.core.verdict import RefusedError
from baokao.exams import queries as exams
from baokao.review.models import Application, Decision
from baokao.review.services.refusals import CLOSED, GONE
from baokao.roster import services as roster
from baokao.roster.models import StudentRecord


def locked(application: uuid.UUID) -> tuple[Application, StudentRecord]:
    """An application in an open sitting, read after its record was locked. Raises RefusedError."""
    found = Application.objects.filter(id=application).values_list("record_id", "sitting_id").first()
    record = roster.lock_record(found[0]) if found else None
    if found is None or record is None:
        raise RefusedError(GONE)
    if not exams.is_open(found[1]):
        raise RefusedError(CLOSED)
    return Application.objects.get(id=application), record


def opened_decision(application: Application) -> Decision | None:
    """The decision that waits to take effect."""
    return Decision.objects.filter(application=application, outcome=Decision.Outcome.OPEN).first()


def open_decision(
    application: Application, verdict: Decision.Verdict, reason: str, actor: str, now: datetime
) -> Decision:
    """Write a decision that takes effect after the time to undo it."""
    return Decision.objects.create(
        sitting_id=application.sitting_id,
        application=application,
        verdict=verdict,
        reason=reason.strip(),
        decided_by=actor,
        decided_at=now,
        effective_at=now + settings.REVIEW_UNDO,
    )

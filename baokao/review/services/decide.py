"""复核通过, 复核失败 and 撤回: what a coordinator does; and what becomes of it when the time to undo is over
(rules E4, E7; decision 50)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import RefusedError
from baokao.exams import queries as exams
from baokao.review import rules
from baokao.review.audit import ReviewAction
from baokao.review.models import Application, Decision
from baokao.review.rules import OpenDecision
from baokao.review.services.refusals import CLOSED, GONE
from baokao.roster import services as roster
from baokao.roster.models import StudentRecord


def decide(actor: str, application: uuid.UUID, verdict: Decision.Verdict, reason: str, now: datetime) -> Decision:
    """Decide an application that waits; it takes effect when the time to undo it is over.

    `actor` reads `staff:<hex>`; whether the application is in that person's scope the caller has asked. Raises
    RefusedError: it is settled, decided already, or the reason is missing.
    """
    with (
        audit.refusals(ReviewAction.DECIDE_REFUSED, actor=actor, subject=f"review:{application}", at=now),
        transaction.atomic(),
    ):
        wanted, _ = locked(application)
        opened = opened_decision(wanted)
        if refused := rules.decision_refusals(wanted.state, _facts(opened), reason):
            raise RefusedError(*refused)
        decision = open_decision(wanted, verdict, reason, actor, now)
        audit.record(
            ReviewAction.DECIDED,
            actor=actor,
            subject=f"review:{application}",
            sitting=wanted.sitting_id,
            detail={"verdict": verdict.value, "decision": str(decision.id)},
            at=now,
        )
        return decision


def undo(actor: str, application: uuid.UUID, now: datetime) -> None:
    """Take a decision back while it has not taken effect. Raises RefusedError: it isn't one's own, or too late."""
    with (
        audit.refusals(ReviewAction.UNDO_REFUSED, actor=actor, subject=f"review:{application}", at=now),
        transaction.atomic(),
    ):
        wanted, _ = locked(application)
        opened = opened_decision(wanted)
        if refused := rules.undo_refusals(wanted.state, _facts(opened), actor, now):
            raise RefusedError(*refused)
        assert opened is not None
        opened.outcome, opened.ended_at = Decision.Outcome.UNDONE, now
        opened.save(update_fields=["outcome", "ended_at"])
        audit.record(
            ReviewAction.UNDONE,
            actor=actor,
            subject=f"review:{application}",
            sitting=wanted.sitting_id,
            detail={"verdict": opened.verdict, "decision": str(opened.id)},
            at=now,
        )


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


def _facts(opened: Decision | None) -> OpenDecision | None:
    return OpenDecision(opened.decided_by, opened.effective_at) if opened else None

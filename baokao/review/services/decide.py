"""复核通过, 复核失败 and 撤销: what a coordinator does (rules E4, E7; decision 50)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import RefusedError
from baokao.review import rules
from baokao.review.audit import ReviewAction
from baokao.review.evidence import Page
from baokao.review.models import Decision
from baokao.review.rules import OpenDecision
from baokao.review.services.evidence import add_evidence
from baokao.review.services.open import locked, open_decision, opened_decision


def decide(
    actor: str,
    application: uuid.UUID,
    verdict: Decision.Verdict,
    reason: str,
    now: datetime,
    pages: Sequence[Page] = (),
) -> Decision:
    """Decide an application that waits; it takes effect when the time to undo it is over. `pages` are kept as proof.

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
        add_evidence(wanted, pages, actor, now)
        audit.record(
            ReviewAction.DECIDED,
            actor=actor,
            subject=f"review:{application}",
            sitting=wanted.sitting_id,
            detail={"verdict": verdict.value, "decision": str(decision.id), "pages": len(pages)},
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


def _facts(opened: Decision | None) -> OpenDecision | None:
    return OpenDecision(opened.decided_by, opened.effective_at) if opened else None

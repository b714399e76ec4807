"""Decisions whose time to undo is over take effect: the worker's loop (rule E4; decision 50)."""

import uuid
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit
from baokao.core.raw import raw_connection
from baokao.exams import queries as exams
from baokao.review.audit import ReviewAction
from baokao.review.models import Application, Decision
from baokao.review.services.passing import Holders, accounts, nobody, pass_record, tell
from baokao.roster.models import StudentRecord

BATCH = 50

# A record that somebody holds, who decides, undoes or submits, is passed over and found again in the next round.
CLAIM = """
SELECT r.id
  FROM review_decision d
  JOIN review_application a ON a.id = d.application_id
  JOIN roster_studentrecord r ON r.id = a.record_id
 WHERE d.outcome = 'open' AND d.effective_at <= %s
 ORDER BY d.effective_at LIMIT %s
   FOR NO KEY UPDATE OF r SKIP LOCKED
"""


def take_effect(holders: Holders, now: datetime, limit: int = BATCH) -> int:
    """Let up to `limit` decisions take effect; how many they were. Each applicant whom one concerns is mailed, and who
    holds the record's registration."""
    with transaction.atomic(), connection.wrap_database_errors:
        claimed = [row[0] for row in raw_connection().execute(CLAIM, [now, limit]).fetchall()]
        # Read after the claim: what was undone meanwhile is not open any more.
        due = Decision.objects.filter(
            application__record__in=claimed, outcome=Decision.Outcome.OPEN, effective_at__lte=now
        ).select_related("application__passport")
        done = 0
        for decision in due.order_by("effective_at", "id"):
            done += _one(decision.id, holders, now)
        return done


def _one(decision_id: uuid.UUID, holders: Holders, now: datetime) -> int:
    # Of two decisions about one record a pass overtakes the other, so each is read again.
    decision = Decision.objects.select_related("application__passport").get(id=decision_id)
    if decision.outcome != Decision.Outcome.OPEN:
        return 0
    application = decision.application
    decision.outcome, decision.ended_at = Decision.Outcome.EFFECTIVE, now
    decision.save(update_fields=["outcome", "ended_at"])
    if decision.verdict == Decision.Verdict.PASS:
        pass_record(StudentRecord.objects.get(id=application.record_id), decision.decided_by, holders, now)
    else:
        _fail(application, decision, now)
    audit.record(
        ReviewAction.TOOK_EFFECT,
        actor=decision.decided_by,
        subject=f"review:{application.id}",
        sitting=application.sitting_id,
        detail={"verdict": decision.verdict, "decision": str(decision.id)},
        at=now,
    )
    return 1


def _fail(application: Application, decision: Decision, now: datetime) -> None:
    """Only this application has failed; another passport's for the same record goes on."""
    Application.objects.filter(id=application.id).update(
        state=Application.State.FAILED, settled_at=now, settled_by=decision.decided_by
    )
    context = {"sitting": exams.sitting_name(application.sitting_id), "reason": decision.reason}
    tell(accounts([application], [], nobody), "review/failed", context, now)

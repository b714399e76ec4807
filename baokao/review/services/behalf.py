"""代为申请: a coordinator of the written school applies for a record, bound or not, with the certificate (rule E6)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.review import facts, rules
from baokao.review.audit import ReviewAction
from baokao.review.evidence import Page
from baokao.review.models import Application, Decision
from baokao.review.rules import Certificate
from baokao.review.services.evidence import add_evidence
from baokao.review.services.open import open_decision, opened_decision
from baokao.review.services.refusals import CLOSED, GONE
from baokao.roster import services as roster
from baokao.roster.models import StudentRecord
from baokao.roster.rules import eligible_subjects, number_key


def apply_on_behalf(
    actor: str, record: uuid.UUID, certificate: Certificate, reason: str, pages: Sequence[Page], now: datetime
) -> Application:
    """Apply for the record and pass it in one act, which can be undone like any decision (decision 52).

    `pages` are the scanned proof, re-encoded. Raises RefusedError: the record is eligible or restricted already, its
    campus doesn't offer CET-6, its window is over, the certificate lacks something, or an application on behalf waits
    to take effect.
    """
    with (
        audit.refusals(ReviewAction.APPLY_REFUSED, actor=actor, subject=f"record:{record}", at=now),
        transaction.atomic(),
    ):
        found = roster.lock_record(record)
        if found is None:
            raise RefusedError(GONE)
        if not exams.is_open(found.sitting_id):
            raise RefusedError(CLOSED)
        earlier = Application.objects.filter(record=found, passport__isnull=True).first()
        if refused := _refusals(found, earlier, certificate, len(pages), now):
            raise RefusedError(*refused)
        application = _kept(found, earlier, certificate, now)
        decision = open_decision(application, Decision.Verdict.PASS, reason or "证书核对无误", actor, now)
        add_evidence(application, pages, actor, now)
        audit.record(
            ReviewAction.APPLIED_FOR,
            actor=actor,
            subject=f"review:{application.id}",
            sitting=found.sitting_id,
            detail={"record": str(found.id), "decision": str(decision.id), "pages": len(pages)},
            at=now,
        )
        return application


def _refusals(
    record: StudentRecord, earlier: Application | None, certificate: Certificate, pages: int, now: datetime
) -> list[Refused]:
    if earlier is not None and opened_decision(earlier):
        return [rules.DECIDED]
    # What is restricted is asked by the rules, which say so.
    case = facts.case(record.id, None, eligible_subjects(*record.sources, "", None))
    # An application of the school's own that was undone or failed is taken up again.
    return [*rules.submission_refusals(case, now), *rules.certificate_refusals(certificate, pages)]


def _kept(record: StudentRecord, earlier: Application | None, certificate: Certificate, now: datetime) -> Application:
    application = earlier or Application(sitting_id=record.sitting_id, record=record, submitted_count=0)
    application.state, application.settled_at, application.settled_by = Application.State.PENDING, None, ""
    application.ticket_number = number_key(certificate.ticket)
    application.certificate_number = certificate.number.strip()
    application.examined_in, application.score = certificate.examined_in, certificate.score
    application.submitted_at = now
    application.submitted_count += 1
    application.save(force_insert=earlier is None)
    return application

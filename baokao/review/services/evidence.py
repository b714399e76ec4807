"""Keeping pages of proof beside an application, and writing down who looked (rules E4, E6; proof f6)."""

import uuid
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.review.audit import ReviewAction
from baokao.review.evidence import Page
from baokao.review.models import Application, Evidence
from baokao.review.rules import SETTLED
from baokao.review.services.open import locked

KEPT_AT_MOST = 20
NOTHING = Refused("no_files", "请选择要上传的文件。", about="proof")
FULL = Refused("too_much_evidence", f"每件申请最多保存 {KEPT_AT_MOST} 页材料。", about="proof")


def keep_evidence(actor: str, application: uuid.UUID, pages: Sequence[Page], now: datetime) -> None:
    """Keep pages beside an application that waits. Raises RefusedError: it is settled, or there is too much."""
    with (
        audit.refusals(ReviewAction.EVIDENCE_REFUSED, actor=actor, subject=f"review:{application}", at=now),
        transaction.atomic(),
    ):
        wanted, _ = locked(application)
        if wanted.state != Application.State.PENDING:
            raise RefusedError(SETTLED)
        if not pages:
            raise RefusedError(NOTHING)
        add_evidence(wanted, pages, actor, now)
        audit.record(
            ReviewAction.EVIDENCE_ADDED,
            actor=actor,
            subject=f"review:{application}",
            sitting=wanted.sitting_id,
            detail={"pages": len(pages)},
            at=now,
        )


def numbers_shown(actor: str, application: Application, now: datetime) -> None:
    """Record that whole ID numbers, the record's and the score's, were shown beside an application."""
    audit.record(
        ReviewAction.NUMBERS_SHOWN,
        actor=actor,
        subject=f"review:{application.id}",
        sitting=application.sitting_id,
        detail={"record": str(application.record_id)},
        at=now,
    )


def evidence_shown(actor: str, page: Evidence, now: datetime) -> None:
    """Record that a page of proof, which may bear an ID number, was shown."""
    audit.record(
        ReviewAction.EVIDENCE_SHOWN,
        actor=actor,
        subject=f"review:{page.application_id}",
        sitting=page.sitting_id,
        detail={"position": page.position},
        at=now,
    )


def add_evidence(application: Application, pages: Sequence[Page], actor: str, now: datetime) -> None:
    """Keep pages of proof behind those that there are. The caller writes the audit row and holds the record.
    Raises RefusedError when it becomes too much."""
    held = Evidence.objects.filter(application=application).count()
    if held + len(pages) > KEPT_AT_MOST:
        raise RefusedError(FULL)
    for position, page in enumerate(pages, start=held + 1):
        one = Evidence(
            sitting_id=application.sitting_id,
            application=application,
            position=position,
            width=page.width,
            height=page.height,
            added_by=actor,
            added_at=now,
        )
        one.scan = b64encode(page.jpeg).decode()
        one.save(force_insert=True)

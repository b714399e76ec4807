"""A change that a service refused leaves a row too (proof f6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from baokao.core.audit.record import AuditAction, record
from baokao.core.verdict import RefusedError


@contextmanager
def refusals(action: AuditAction, *, actor: str, subject: str, sitting: str = "", at: datetime) -> Iterator[None]:
    """Record a `RefusedError` of the block with its codes, and let it go on. To stand around the transaction that the
    refusal undoes, so that the row outlives it."""
    try:
        yield
    except RefusedError as refused:
        codes = [refusal.code for refusal in refused.refusals]
        record(action, actor=actor, subject=subject, sitting=sitting, detail={"codes": codes}, at=at)
        raise

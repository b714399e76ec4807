"""Owing money back: the refund is made here and sent by its job (rule D6)."""

import uuid
from datetime import datetime
from decimal import Decimal

from baokao.core import audit
from baokao.core.clock import local
from baokao.payments.audit import PaymentAction
from baokao.payments.models import LedgerRow, Refund, Settlement
from baokao.payments.rules import Back
from baokao.payments.services import ledger


def owe(settlement: Settlement, amount: Decimal, why: Back, now: datetime) -> Refund:
    """A refund of this much of a settlement's money, due at once, on the caller's transaction."""
    refund_id = uuid.uuid4()
    refund = Refund.objects.create(
        id=refund_id,
        sitting_id=settlement.sitting_id,
        settlement=settlement,
        number=f"{local(now):%Y%m%d}{refund_id.hex[:20]}",
        amount=amount,
        why=why,
        made_at=now,
        send_at=now,
    )
    ledger.book(LedgerRow.Kind.OWED, refund.id, settlement, amount, now)
    audit.record(
        PaymentAction.REFUND_DUE,
        actor="system",
        subject=f"refund:{refund.id}",
        sitting=settlement.sitting_id,
        detail={"amount": amount, "why": why},
        at=now,
    )
    return refund

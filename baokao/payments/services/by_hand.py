"""What a person does with a refund that is stuck: have it sent again, or book what was given back there (rule D6)."""

import uuid
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.words import masked_numbers
from baokao.payments.audit import PaymentAction
from baokao.payments.mails import tell_of_refund
from baokao.payments.models import LedgerRow, Refund
from baokao.payments.services import ledger

_LONGEST_NAME, _LONGEST_REASON = 40, 200


def send_refund_again(refund_id: uuid.UUID, by: str, reason: str, now: datetime) -> Refund:
    """Somebody has put right what it was refused for, or has seen at the provider that it is not there: it is sent as
    if for the first time, after one more look for it.

    `Refund.DoesNotExist` unless it is stuck; ValueError without a name or a reason.
    """
    with transaction.atomic():
        found = _stuck(refund_id, by, reason)
        found.state, found.asked_at, found.send_at = Refund.State.DUE, None, now
        found.save(update_fields=["state", "asked_at", "send_at"])
        _audit(PaymentAction.REFUND_SENT_AGAIN, found, by, reason, now)
    return found


def book_refund(refund_id: uuid.UUID, by: str, reason: str, now: datetime, trade: str = "") -> Refund:
    """Somebody gave the money back in the provider's own pages, or found there that it went: it is booked, and its
    payer told. `trade` is the provider's number of it, empty if it has none.

    `Refund.DoesNotExist` unless it is stuck; ValueError without a name or a reason.
    """
    with transaction.atomic():
        found = _stuck(refund_id, by, reason)
        found.state, found.done_at, found.send_at, found.trouble = Refund.State.DONE, now, None, ""
        found.trade = trade.strip()[:64]
        found.save(update_fields=["state", "done_at", "send_at", "trouble", "trade"])
        ledger.book(LedgerRow.Kind.REFUNDED, found.id, found.settlement, found.amount, now)
        _audit(PaymentAction.REFUND_BOOKED, found, by, reason, now)
        tell_of_refund(found, now)
    return found


def _stuck(refund_id: uuid.UUID, by: str, reason: str) -> Refund:
    if not 0 < len(by.strip()) <= _LONGEST_NAME or not 0 < len(reason.strip()) <= _LONGEST_REASON:
        raise ValueError("A refund is decided on by somebody, with a reason.")
    stuck = Refund.objects.select_related("settlement__attempt").filter(state=Refund.State.STUCK)
    return stuck.select_for_update(of=("self",), no_key=True).get(id=refund_id)


def _audit(action: PaymentAction, refund: Refund, by: str, reason: str, now: datetime) -> None:
    # Who types an ID number into a reason would have it stand in the log (rule H2).
    said = masked_numbers(reason.strip())
    audit.record(
        action,
        actor=f"operator:{by.strip()}",
        subject=f"refund:{refund.id}",
        sitting=refund.sitting_id,
        detail={"amount": refund.amount, "trouble": refund.trouble, "reason": said},
        at=now,
    )

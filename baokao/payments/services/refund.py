"""Sending back what is owed, each refund once under its own number, however often it has to be tried (rule D6)."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.payments import providers, rules
from baokao.payments.audit import PaymentAction
from baokao.payments.gateways.contract import Fact, Gateway, Rejected, Unknown
from baokao.payments.mails import tell_of_refund
from baokao.payments.models import LedgerRow, Refund
from baokao.payments.services import ledger
from baokao.payments.services.refund_once import REASON, once

log = structlog.get_logger("baokao.payments")

SENT_AT_ONCE = 20
_CLAIMED = timedelta(minutes=1)
# One refund of a settlement at a time and some seconds apart, as the providers ask for. One that may have happened and
# isn't found holds up the others: who looks for one of them could take it for another. It is looked for even while a
# person is asked to decide.
_CLAIM = """
UPDATE payments_refund
   SET state = CASE state WHEN 'due' THEN 'sending' ELSE state END, tries = tries + 1, send_at = %(again)s
 WHERE id = ANY (ARRAY(
   SELECT r.id FROM payments_refund r
    WHERE r.send_at <= %(now)s AND r.state <> 'done'
      AND NOT EXISTS (SELECT FROM payments_refund o
                       WHERE o.settlement_id = r.settlement_id AND o.id <> r.id
                         AND (o.state = 'sending' OR o.asked_at IS NOT NULL AND o.state = 'stuck'
                              OR o.done_at > %(apart)s
                              OR (r.state = 'due' AND o.state = 'due' AND o.send_at <= %(now)s AND o.id < r.id)))
    ORDER BY r.send_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING id
"""
_APART = timedelta(seconds=3)
_CLAIMABLE = (Refund.State.SENDING, Refund.State.STUCK)


def claim_refunds(now: datetime, limit: int = SENT_AT_ONCE) -> list[uuid.UUID]:
    """Claim up to `limit` refunds to send; `send_refund` each of them then. No two workers claim one."""
    parameters: dict[str, Any] = {"now": now, "again": now + _CLAIMED, "apart": now - _APART, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, parameters)
        return [row[0] for row in cursor.fetchall()]


def send_refund(refund_id: uuid.UUID, now: datetime) -> Refund.State:
    """Ask the provider to give it back. No answer means the same call again later, under the same number, or where that
    would pay twice, looking for it; a clear refusal means that a person has to look."""
    refund = Refund.objects.select_related("settlement__attempt").get(id=refund_id)
    gateway = providers.gateway(refund.settlement.provider)
    try:
        answer = _repeated(gateway, refund) if gateway.repeats_refunds else once(gateway, refund, now)
        faults.point("refund.after_answer")
    except Unknown as unknown:
        return _later(refund, str(unknown), now)
    if answer is None:
        return _later(refund, "the provider does not have it yet", now)
    return _stuck(refund, answer, now) if isinstance(answer, Rejected) else _done(refund, answer, now)


def _repeated(gateway: Gateway, refund: Refund) -> Fact | Rejected:
    return gateway.refund(refund.settlement.attempt.number, refund.number, refund.amount, REASON)


def _later(refund: Refund, why: str, now: datetime) -> Refund.State:
    log.warning("refund.no_answer", refund=refund.id.hex, provider=refund.settlement.provider, why=why[:200])
    Refund.objects.filter(id=refund.id, state__in=_CLAIMABLE).update(send_at=rules.refund_again(refund.tries, now))
    return Refund.State(refund.state)


def _done(refund: Refund, fact: Fact, now: datetime) -> Refund.State:
    with transaction.atomic():
        done = Refund.objects.filter(id=refund.id).exclude(state=Refund.State.DONE)
        if not done.update(state=Refund.State.DONE, done_at=now, send_at=None, trouble="", trade=fact.refund_trade):
            return Refund.State.DONE
        ledger.book(LedgerRow.Kind.REFUNDED, refund.id, refund.settlement, refund.amount, now)
        _audit(PaymentAction.REFUNDED, refund, now)
        tell_of_refund(refund, now)
    return Refund.State.DONE


def _stuck(refund: Refund, answer: Rejected, now: datetime) -> Refund.State:
    # What was asked for and isn't found may still turn up, or a person gives it back there: it is looked for all the
    # same, and that a person has to look is told once.
    again = rules.refund_again(12, now) if answer.later or refund.asked_at else None
    trouble = f"{answer.code}: {answer.reason}"[:200]
    if refund.state == Refund.State.STUCK:
        Refund.objects.filter(id=refund.id, state=Refund.State.STUCK).update(send_at=again, trouble=trouble)
        return Refund.State.STUCK
    log.error("refund.stuck", refund=refund.id.hex, provider=refund.settlement.provider, code=answer.code)
    with transaction.atomic():
        Refund.objects.filter(id=refund.id).exclude(state=Refund.State.DONE).update(
            state=Refund.State.SENDING if answer.later else Refund.State.STUCK,
            send_at=again,
            trouble=trouble,
        )
        _audit(PaymentAction.REFUND_STUCK, refund, now)
    return Refund.State.STUCK


def _audit(action: PaymentAction, refund: Refund, now: datetime) -> None:
    subject, detail = f"refund:{refund.id}", {"amount": refund.amount}
    audit.record(action, actor="system", subject=subject, sitting=refund.sitting_id, detail=detail, at=now)

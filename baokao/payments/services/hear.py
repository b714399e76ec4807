"""A provider's notification: kept as received, judged, and settled (rules D3, D4)."""

from datetime import datetime, timedelta

import structlog

from baokao.core import audit, faults, throttle
from baokao.payments import providers
from baokao.payments.audit import PaymentAction
from baokao.payments.gateways.contract import Fact, Message, Rejected, State
from baokao.payments.models import Attempt, Notification, Settlement
from baokao.payments.services.settle import WrongFact, settle

log = structlog.get_logger("baokao.payments")

# What fails its checks is kept as evidence, so many of each client; a flood of rubbish fills no disk.
_KEPT = (300, timedelta(hours=1))
ACCEPTED = "accepted"


def hear(provider: str, message: Message, client: str, now: datetime) -> bool:
    """Judge a message and do what it proves; whether it is acknowledged.

    It is kept, committed, before anything follows from it. A message that proves money is acknowledged after the money
    is booked and never before; what doesn't fit is kept with its reason and not acknowledged.
    """
    found = providers.gateway(provider).read_notification(message)
    if isinstance(found, Rejected):
        if throttle.allow("notify.rejected", client, *_KEPT, now):
            _reject(_keep(provider, message, now), None, found.code, found.reason, now)
        return False
    kept = _keep(provider, message, now)
    faults.point("pay.after_keep")
    for fact in found:
        attempt = Attempt.objects.filter(provider=provider, number=fact.number).first()
        if attempt is None:
            _reject(kept, None, "unknown_number", "no attempt of ours has this number", now)
            return False
        try:
            _act(attempt, fact, now)
        except WrongFact as wrong:
            _reject(kept, attempt, wrong.code, str(wrong), now)
            return False
        kept.attempt = attempt
    faults.point("pay.after_settle")
    kept.judged_at, kept.code = now, ACCEPTED
    kept.save(update_fields=["judged_at", "code", "attempt"])
    return True


def _act(attempt: Attempt, fact: Fact, now: datetime) -> None:
    if fact.state == State.PAID:
        settle(attempt.id, fact, Settlement.Proof.NOTIFICATION, now)
    elif attempt.state != Attempt.State.PAID:
        # Closed, or something went back before we knew that it had come: the provider is asked how it really stands.
        Attempt.objects.filter(id=attempt.id).exclude(state=Attempt.State.PAID).update(ask_at=now)


def _keep(provider: str, message: Message, now: datetime) -> Notification:
    kept = Notification(provider=provider, received_at=now)
    kept.message = _text(message)
    kept.save(force_insert=True)
    return kept


def _text(message: Message) -> str:
    """The whole of it, each byte a character."""
    parts = (message.method, message.content_type, message.query.decode("latin-1"), message.body.decode("latin-1"))
    return "\n".join(parts)


def _reject(kept: Notification, attempt: Attempt | None, code: str, reason: str, now: datetime) -> None:
    kept.judged_at, kept.code, kept.reason, kept.attempt = now, code, reason[:200], attempt
    kept.save(update_fields=["judged_at", "code", "reason", "attempt"])
    log.error("payment.rejected", notification=kept.id.hex, provider=kept.provider, code=code)
    subject = f"notification:{kept.id}"
    audit.record(PaymentAction.REJECTED, actor=kept.provider, subject=subject, detail={"code": code}, at=now)

"""A provider's notification: kept as received, judged, and settled (rules D3, D4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from baokao.core import audit, faults, throttle
from baokao.payments import providers
from baokao.payments.audit import PaymentAction
from baokao.payments.gateways.contract import Fact, Gateway, Message, Rejected, State, Unknown
from baokao.payments.models import Attempt, Notification, Settlement
from baokao.payments.services.settle import WrongFact, settle_all

log = structlog.get_logger("baokao.payments")

# What fails its checks is kept as evidence, so many of each client; a flood of rubbish fills no disk.
_KEPT = (300, timedelta(hours=1))
ACCEPTED, UNCONFIRMED = "accepted", "unconfirmed"


def hear(provider: str, message: Message, client: str, now: datetime) -> bool:
    """Judge a message and do what it proves; whether it is acknowledged.

    It is kept, committed, before anything follows from it. A message that proves money is acknowledged after the money
    is booked and never before; what doesn't fit is kept with its reason and not acknowledged. A message may tell of
    several payments: all of them are booked in one transaction, or none.
    """
    gateway = providers.gateway(provider)
    found = gateway.read_notification(message)
    if isinstance(found, Rejected):
        if throttle.allow("notify.rejected", client, *_KEPT, now):
            _reject(_keep(provider, message, now), None, found.code, found.reason, now)
        return False
    kept = _keep(provider, message, now)
    faults.point("pay.after_keep")
    attempts = _attempts(provider, found)
    if len(attempts) < len(found):
        _reject(kept, None, "unknown_number", "no attempt of ours has this number", now)
        return False
    try:
        kept.attempt = _act(attempts, _confirmed(gateway, found, attempts), now)
    except WrongFact as wrong:
        _reject(kept, attempts.get(wrong.number), wrong.code, str(wrong), now)
        return False
    except Unknown as unknown:
        _wait(kept, attempts, str(unknown), now)
        return False
    faults.point("pay.after_settle")
    kept.judged_at, kept.code = now, ACCEPTED
    kept.save(update_fields=["judged_at", "code", "attempt"])
    return True


def _attempts(provider: str, found: Sequence[Fact]) -> dict[str, Attempt]:
    numbers = [fact.number for fact in found]
    return {one.number: one for one in Attempt.objects.filter(provider=provider, number__in=numbers)}


def _confirmed(gateway: Gateway, found: Sequence[Fact], attempts: dict[str, Attempt]) -> list[Fact]:
    """The facts as the provider confirms them. Before it is asked, what isn't our amount is refused: then nothing that
    somebody made up costs a question. What is booked already needs none."""
    for fact in found:
        if fact.state == State.PAID and fact.amount != attempts[fact.number].amount:
            raise WrongFact("amount", "the amount is not the attempt's", fact.number)
    booked = [fact for fact in found if attempts[fact.number].state == Attempt.State.PAID]
    news = [fact for fact in found if fact not in booked]
    confirmed = gateway.confirm(news)
    for told, now_said in zip(news, confirmed, strict=True):
        if told.state == State.PAID != now_said.state:
            raise Unknown("the provider, asked, does not say yet that it was paid")
    return booked + confirmed


def _act(attempts: dict[str, Attempt], facts: Sequence[Fact], now: datetime) -> Attempt | None:
    """Settle what is paid, all or none; have the provider asked about the rest. The last attempt."""
    paid = [(attempts[fact.number].id, fact) for fact in facts if fact.state == State.PAID]
    settle_all(paid, Settlement.Proof.NOTIFICATION, now)
    # Closed, or something went back before we knew that it had come: the provider is asked how it really stands.
    others = [attempts[fact.number].id for fact in facts if fact.state != State.PAID]
    Attempt.objects.filter(id__in=others).exclude(state=Attempt.State.PAID).update(ask_at=now)
    return attempts[facts[-1].number] if facts else None


def _wait(kept: Notification, attempts: dict[str, Attempt], reason: str, now: datetime) -> None:
    """Nothing is booked; the worker asks, and the provider tells again."""
    kept.judged_at, kept.code, kept.reason = now, UNCONFIRMED, reason[:200]
    kept.save(update_fields=["judged_at", "code", "reason"])
    ids = [attempt.id for attempt in attempts.values()]
    Attempt.objects.filter(id__in=ids).exclude(state=Attempt.State.PAID).update(ask_at=now)
    log.warning("payment.unconfirmed", notification=kept.id.hex, provider=kept.provider, why=reason[:200])


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

"""Asking a provider how an attempt stands, and ending what nobody paid (rules D4, D5). No lock is held while asking."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.core.raw import raw_connection
from baokao.payments import providers, rules
from baokao.payments.audit import PaymentAction
from baokao.payments.gateways.contract import Fact, State, Unknown
from baokao.payments.mails import tell_of_end
from baokao.payments.models import Attempt, Order, Settlement
from baokao.payments.services.groups import state as groups
from baokao.payments.services.settle import WrongFact, settle
from baokao.registration.services import paying

log = structlog.get_logger("baokao.payments")

ASKED_AT_ONCE = 50
# How long a claim holds: longer than asking and closing can take.
_CLAIMED = timedelta(minutes=1)
_CLAIM = """
UPDATE payments_attempt SET ask_at = %s, asked = asked + 1
 WHERE id = ANY (ARRAY(SELECT id FROM payments_attempt
                      WHERE ask_at <= %s ORDER BY ask_at LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING id
"""


def ask_due(now: datetime, limit: int = ASKED_AT_ONCE) -> list[uuid.UUID]:
    """Claim up to `limit` attempts that are to be asked about; `ask` each of them then. No two workers claim one."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now + _CLAIMED, now, limit])
        return [row[0] for row in cursor.fetchall()]


def ask(attempt_id: uuid.UUID, now: datetime) -> Attempt.State:
    """Ask the provider and do what follows: settle, end what is over, or ask again later; how it stands then."""
    attempt = Attempt.objects.get(id=attempt_id)
    over = now >= attempt.expires_at
    fact = _fact(attempt, closing=over)
    if fact is None:
        return _no_answer(attempt, now)
    if fact.state == State.PAID:
        return _settled(attempt, fact, now)
    if fact.state == State.REFUNDED and attempt.state != Attempt.State.PAID:
        # Somebody gave it back at the provider before we knew that it had come: nothing is left to book.
        log.error("payment.refunded_elsewhere", attempt=attempt.id.hex, provider=attempt.provider)
    if over and attempt.state == Attempt.State.OPEN:
        return _end(attempt, now, tells=True)
    if attempt.state == Attempt.State.OPEN:
        _ask_at(attempt, rules.ask_again(attempt.asked, attempt.expires_at, now))
    elif attempt.state == Attempt.State.ENDED:
        _ask_at(attempt, _ask_late(attempt, now))
    return Attempt.State(attempt.state)


def end_for_another(attempts: Iterable[Attempt], now: datetime) -> set[Attempt.State]:
    """End these open attempts so that another may begin (rule D5). Where one turns out to be paid it is settled; where
    the provider doesn't answer it stays open, since its money may be on the way. Their states, all told."""
    states = set()
    for attempt in attempts:
        fact = _fact(attempt, closing=True)
        if fact is None:
            states.add(Attempt.State.OPEN)
        elif fact.state == State.PAID:
            states.add(_settled(attempt, fact, now))
        else:
            states.add(_end(attempt, now, tells=False))
    return states


def _fact(attempt: Attempt, *, closing: bool) -> Fact | None:
    """What the provider says, after closing the trade there if it can be closed; None for no answer that counts."""
    gateway = providers.gateway(attempt.provider)
    try:
        fact = gateway.query(attempt.number)
        if closing and gateway.closes and fact.state == State.WAITING:
            fact = gateway.close(attempt.number)
        faults.point("pay.after_query")
    except Unknown as unknown:
        log.warning("payment.no_answer", attempt=attempt.id.hex, provider=attempt.provider, why=str(unknown)[:200])
        return None
    # A trade that couldn't be closed and isn't paid may still be paid in this very moment.
    return None if closing and gateway.closes and fact.state == State.WAITING else fact


def _settled(attempt: Attempt, fact: Fact, now: datetime) -> Attempt.State:
    try:
        settle(attempt.id, fact, Settlement.Proof.QUERY, now)
    except WrongFact as wrong:
        log.error("payment.wrong_fact", attempt=attempt.id.hex, code=wrong.code)
        state = _no_answer(attempt, now)
        # Sooner than in a minute nobody can have put it right.
        _ask_at(attempt, max(rules.ask_again(attempt.asked, attempt.expires_at, now), now + _CLAIMED))
        return state
    return Attempt.State.PAID


def _no_answer(attempt: Attempt, now: datetime) -> Attempt.State:
    """No outcome: none was told, or one that can't be booked. Ask again later. After a day beyond the time for paying
    nobody waits any longer, and a person is told; asking goes on all the same, for nobody has said yet that no money
    came."""
    if attempt.state == Attempt.State.OPEN and now >= attempt.gives_up_at:
        log.error("payment.given_up", attempt=attempt.id.hex, provider=attempt.provider)
        ended = _end(attempt, now, tells=True)
        _ask_at(attempt, rules.ask_again(attempt.asked, attempt.expires_at, now))
        return ended
    if attempt.state != Attempt.State.PAID:
        _ask_at(attempt, rules.ask_again(attempt.asked, attempt.expires_at, now))
    return Attempt.State(attempt.state)


def _end(attempt: Attempt, now: datetime, *, tells: bool) -> Attempt.State:
    """End an open attempt without money and let its entries go; whatever was decided meanwhile stands."""
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        order = Order.objects.get(id=attempt.order_id)
        group = groups.locked(order.group_id) if order.group_id else None
        if order.registration_id:
            paying.lock_registration(raw, order.registration_id)
        found = Attempt.objects.select_for_update(of=("self",), no_key=True).get(id=attempt.id)
        if found.state != Attempt.State.OPEN:
            return Attempt.State(found.state)
        Attempt.objects.filter(id=attempt.id).update(
            state=Attempt.State.ENDED, ended_at=now, ask_at=_ask_late(attempt, now)
        )
        paying.unlock_entries(raw, attempt.id)
        if group:
            groups.renew(group, now)
        audit.record(
            PaymentAction.ENDED,
            actor="system",
            subject=f"attempt:{attempt.id}",
            sitting=attempt.sitting_id,
            at=now,
        )
        if tells:
            tell_of_end(order, attempt, now)
    return Attempt.State.ENDED


def _ask_late(attempt: Attempt, now: datetime) -> datetime | None:
    return rules.ask_late(attempt.expires_at, now, closes=providers.gateway(attempt.provider).closes)


def _ask_at(attempt: Attempt, moment: datetime | None) -> None:
    """Only while it isn't paid: who settled it meanwhile has nothing more to ask."""
    Attempt.objects.filter(id=attempt.id).exclude(state=Attempt.State.PAID).update(ask_at=moment)

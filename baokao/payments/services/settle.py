"""Money that a provider proved to have: booked once, and sent where it belongs (rules D3, D4, D6).

One transaction from the proof to the paid entries. Whoever tells of the same money again, by whatever way and in
whatever order, finds it settled and changes nothing.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.core.raw import raw_connection
from baokao.payments.audit import PaymentAction
from baokao.payments.gateways.contract import Fact, State
from baokao.payments.mails import tell_of_settlement
from baokao.payments.models import Attempt, GroupPayment, LedgerRow, Line, Order, Settlement
from baokao.payments.services import ledger
from baokao.payments.services.allot import allot
from baokao.payments.services.groups import state as groups
from baokao.registration.services import paying
from baokao.registration.services.paying import Raw
from baokao.registration.standing import Bound


class WrongFact(Exception):
    """The provider proved something that doesn't fit the attempt: another amount, another number, or a trade that paid
    another attempt. It is kept and a person has to look; nothing is paid by it."""

    def __init__(self, code: str, reason: str, number: str) -> None:
        super().__init__(reason)
        self.code, self.number = code, number


def settle(attempt: uuid.UUID, fact: Fact, proof: Settlement.Proof, now: datetime) -> bool:
    """Book the money of a fact that says PAID, and pay, retake or give back line by line; False when it was booked
    before. Raises WrongFact."""
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        order = Order.objects.get(attempts=attempt)
        group, bound = _lock(raw, [order])
        _lock_places(raw, [attempt])
        paid = Attempt.objects.select_for_update(of=("self",), no_key=True).get(id=attempt)
        if fact.state != State.PAID or fact.number != paid.number or fact.amount != paid.amount:
            code = "amount" if fact.amount != paid.amount else "fact"
            raise WrongFact(code, f"attempt {attempt} is not paid by this", fact.number)
        if paid.state == Attempt.State.PAID:
            return False
        if fact.trade and Settlement.objects.filter(provider=paid.provider, trade=fact.trade).exists():
            raise WrongFact("trade", f"attempt {attempt} is told to be paid by what paid another", fact.number)
        settlement = _settlement(paid, fact, proof, now)
        Attempt.objects.filter(id=attempt).update(state=Attempt.State.PAID, paid_at=now, ask_at=None)
        paying.unlock_entries(raw, attempt)
        faults.point("pay.after_verify")
        lines = list(Line.objects.filter(order=order).select_related("offering", "subject"))
        allotted = allot(raw, settlement, lines, bound, now)
        for one in group:
            groups.paid(one, allotted, now)
        audit.record(
            PaymentAction.SETTLED,
            actor=paid.provider,
            subject=f"attempt:{attempt}",
            sitting=paid.sitting_id,
            detail={
                "amount": paid.amount,
                "proof": proof,
                "back": [one.line.subject_id for one in allotted if one.refund],
            },
            at=now,
        )
        tell_of_settlement(order, paid, allotted, now)
        faults.point("pay.before_settle_commits")
    return True


def settle_all(paid: Sequence[tuple[uuid.UUID, Fact]], proof: Settlement.Proof, now: datetime) -> None:
    """Book several attempts' money in one transaction, all or none. Raises WrongFact.

    What all of them need is locked first, as the locks of everybody else come after these; then the offerings at which
    a seat may have to be taken again.
    """
    with transaction.atomic(), connection.wrap_database_errors:
        _lock(raw_connection(), list(Order.objects.filter(attempts__in=[attempt for attempt, _ in paid])))
        _lock_places(raw_connection(), [attempt for attempt, _ in paid])
        for attempt, fact in paid:
            settle(attempt, fact, proof, now)


def _lock(raw: Raw, orders: Sequence[Order]) -> tuple[list[GroupPayment], dict[uuid.UUID, Bound]]:
    """The group payments of these orders and then the live registrations of all, locked in order of their ids."""
    group = [groups.locked(one) for one in sorted({order.group_id for order in orders if order.group_id})]
    registrations = {order.registration_id for order in orders if order.registration_id}
    registrations |= set(Line.objects.filter(order__in=orders).values_list("registration_id", flat=True))
    return group, paying.lock_registrations(raw, registrations)


def _lock_places(raw: Raw, attempts: Sequence[uuid.UUID]) -> None:
    lines = Line.objects.filter(order__attempts__in=attempts, order__attempts__settlement=None)
    paying.lock_places(raw, list(lines.values_list("entry_id", flat=True)))


def _settlement(paid: Attempt, fact: Fact, proof: Settlement.Proof, now: datetime) -> Settlement:
    settlement = Settlement.objects.create(
        sitting_id=paid.sitting_id,
        attempt=paid,
        provider=paid.provider,
        trade=fact.trade,
        amount=paid.amount,
        proof=proof,
        paid_at=fact.paid_at,
        settled_at=now,
    )
    ledger.book(LedgerRow.Kind.RECEIVED, settlement.id, settlement, settlement.amount, now)
    return settlement

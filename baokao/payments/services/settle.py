"""Money that a provider proved to have: booked once, and sent where it belongs (rules D3, D4, D6).

One transaction from the proof to the paid entries. Whoever tells of the same money again, by whatever way and in
whatever order, finds it settled and changes nothing.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.core.raw import raw_connection
from baokao.payments import rules
from baokao.payments.audit import PaymentAction
from baokao.payments.gateways.contract import Fact, State
from baokao.payments.mails import tell_of_settlement
from baokao.payments.models import Allotment, Attempt, LedgerRow, Line, Order, Settlement
from baokao.payments.rules import Back, GoesBack, Pays
from baokao.payments.services import ledger
from baokao.payments.services.give_back import owe
from baokao.registration import facts
from baokao.registration.rules import EntryFacts, SubjectFacts
from baokao.registration.services import paying
from baokao.registration.services.paying import Raw
from baokao.registration.standing import Bound


class WrongFact(Exception):
    """The provider proved something that doesn't fit the attempt: another amount, or another provider's number. It is
    kept and a person has to look; nothing is paid by it."""

    def __init__(self, code: str, reason: str, number: str) -> None:
        super().__init__(reason)
        self.code, self.number = code, number


def settle(attempt: uuid.UUID, fact: Fact, proof: Settlement.Proof, now: datetime) -> bool:
    """Book the money of a fact that says PAID, and pay, retake or give back line by line; False when it was booked
    before. Raises WrongFact."""
    with transaction.atomic(), connection.wrap_database_errors:
        raw = raw_connection()
        order = Order.objects.get(attempts=attempt)
        bound = paying.lock_registration(raw, order.registration_id) if order.registration_id else None
        _lock_places(raw, [attempt])
        paid = Attempt.objects.select_for_update(of=("self",), no_key=True).get(id=attempt)
        if fact.state != State.PAID or fact.number != paid.number or fact.amount != paid.amount:
            code = "amount" if fact.amount != paid.amount else "fact"
            raise WrongFact(code, f"attempt {attempt} is not paid by this", fact.number)
        if paid.state == Attempt.State.PAID:
            return False
        settlement = _settlement(paid, fact, proof, now)
        Attempt.objects.filter(id=attempt).update(state=Attempt.State.PAID, paid_at=now, ask_at=None)
        paying.unlock_entries(raw, attempt)
        faults.point("pay.after_verify")
        lines = list(Line.objects.filter(order=order).select_related("offering", "subject"))
        allotted = _Allotting(raw, settlement, bound, lines, now).allot()
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

    The registrations are locked first, in order of their ids, as the locks of everybody else come after these; then the
    offerings at which a seat may have to be taken again.
    """
    with transaction.atomic(), connection.wrap_database_errors:
        orders = Order.objects.filter(attempts__in=[attempt for attempt, _ in paid]).exclude(registration=None)
        for registration in sorted(set(orders.values_list("registration_id", flat=True))):
            paying.lock_registration(raw_connection(), registration)
        _lock_places(raw_connection(), [attempt for attempt, _ in paid])
        for attempt, fact in paid:
            settle(attempt, fact, proof, now)


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


class _Allotting:
    """The lines of one settlement, written ones first, since a speaking entry needs its written one."""

    def __init__(
        self, raw: Raw, settlement: Settlement, bound: Bound | None, lines: Sequence[Line], now: datetime
    ) -> None:
        self.raw, self.settlement, self.bound, self.now = raw, settlement, bound, now
        self.lines = sorted(lines, key=lambda line: (line.subject.kind != "written", line.subject.position))
        self.facts: dict[str, SubjectFacts] = {}
        if bound is not None:
            places = {line.subject_id: line.offering.campus_id for line in lines}
            found = facts.read(raw, facts.Who.of(bound), "written", "speaking", places=places)
            self.facts = {one.code: one for one in found}

    def allot(self) -> list[Allotment]:
        """What became of each line's money."""
        return [self._pay(line) or self._owe(line) for line in self.lines]

    def _pay(self, line: Line) -> Allotment | None:
        """The line's allotment to an entry, or None with the reason in `self.why`."""
        subject = self.facts.get(line.subject_id)
        self.why = Back.NO_REGISTRATION
        if self.bound is None or subject is None:
            return None
        held = [one for one in self.facts.values() if one.entry]
        fate = rules.fate(str(line.entry_id), line.amount, subject, held, self.now)
        if isinstance(fate, GoesBack):
            self.why = fate.why
            return None
        if isinstance(fate, Pays):
            entry: uuid.UUID | None = uuid.UUID(fate.entry)
            self.why = Back.TWICE
            entry = entry if entry and paying.mark_paid(self.raw, entry) else None
        else:
            self.why = Back.FULL
            entry = paying.take_again(self.raw, self.bound, subject, line.amount, self.now)
        if entry is None:
            return None
        self._now_paid(subject, entry, line.amount)
        allotment = Allotment.objects.create(settlement=self.settlement, line=line, amount=line.amount, entry_id=entry)
        ledger.book(LedgerRow.Kind.ALLOTTED, allotment.id, self.settlement, line.amount, self.now)
        return allotment

    def _owe(self, line: Line) -> Allotment:
        refund = owe(self.settlement, line.amount, self.why, self.now)
        return Allotment.objects.create(settlement=self.settlement, line=line, amount=line.amount, refund=refund)

    def _now_paid(self, subject: SubjectFacts, entry: uuid.UUID, fee: Decimal) -> None:
        assert subject.offering is not None
        paid = EntryFacts(str(entry), "paid", subject.offering, self.now, self.now, "", fee)
        self.facts[subject.code] = replace(subject, entry=paid)

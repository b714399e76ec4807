"""Where the money of a settlement goes, line by line: to entries, to seats taken again, or back (rules D6, D8)."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from baokao.payments import rules
from baokao.payments.models import Allotment, LedgerRow, Line, Settlement
from baokao.payments.rules import Back, GoesBack, Pays
from baokao.payments.services import ledger
from baokao.payments.services.give_back import owe
from baokao.registration import facts
from baokao.registration.rules import EntryFacts, SubjectFacts
from baokao.registration.services import paying
from baokao.registration.services.paying import Raw
from baokao.registration.standing import Bound


def allot(
    raw: Raw, settlement: Settlement, lines: Sequence[Line], bound: Mapping[uuid.UUID, Bound], now: datetime
) -> list[Allotment]:
    """What became of each line's money, on the caller's transaction, which has locked the registrations; `bound` are
    those that live.

    Of a school's hundreds of lines those whose entry waits unpaid, nearly always all, are paid in a few statements; the
    others, like a candidate's, go one by one.
    """
    found = _at_once(raw, settlement, lines, now) if len({line.registration_id for line in lines}) > 1 else []
    done = {allotment.line_id for allotment in found}
    rest: dict[uuid.UUID, list[Line]] = {}
    for line in lines:
        if line.id not in done:
            rest.setdefault(line.registration_id, []).append(line)
    for registration, own in rest.items():
        found += Allotting(raw, settlement, bound.get(registration), own, now).allot()
    return found


def _at_once(raw: Raw, settlement: Settlement, lines: Iterable[Line], now: datetime) -> list[Allotment]:
    by_entry = {line.entry_id: line for line in lines}
    paid = paying.mark_all_paid(raw, by_entry)
    found = Allotment.objects.bulk_create(
        Allotment(settlement=settlement, line=by_entry[entry], amount=by_entry[entry].amount, entry_id=entry)
        for entry in by_entry
        if entry in paid
    )
    ledger.book_many(LedgerRow.Kind.ALLOTTED, {one.id: one.amount for one in found}, settlement, now)
    return found


class Allotting:
    """The lines of one settlement that are of one registration, written ones first, since a speaking entry needs its
    written one. `bound` is None when the registration has ended."""

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

"""What the pages of paying show, each with a constant number of statements."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from baokao.core.raw import rows
from baokao.core.verdict import Refused
from baokao.core.words import left
from baokao.payments import due as dues
from baokao.payments import providers, rules
from baokao.payments.models import Allotment, Attempt, Settlement
from baokao.payments.rules import Due
from baokao.payments.words import BACK
from baokao.registration import facts
from baokao.registration.rules import SubjectFacts
from baokao.registration.standing import Bound

RECENT = 20


def to_pay(bound: Bound, ticked: Collection[str] | None, now: datetime) -> dict[str, Any]:
    """The unpaid entries as boxes, with what stands in the way of each; `ticked` is what was submitted, None on a first
    look, when all are ticked that can be paid (rule D1)."""
    found = facts.from_rows(
        rows(facts.STATEMENT, facts.Who.of(bound).parameters("written", "speaking")), facts.Who.of(bound)
    )
    unpaid = dues.due(found)
    held = [one for one in found if one.entry]
    every = frozenset(one.code for one in unpaid)
    chosen = every if ticked is None else every & frozenset(ticked)
    # A speaking entry whose written entry isn't ticked can be ticked with it; what is wrong by itself can't.
    own = {one.code: _refusals(one, every, held, now) for one in unpaid}
    free = [one for one in unpaid if not own[one.code]]
    lines = [
        {
            "code": one.code,
            "label": one.facts.label,
            "campus": one.facts.campus,
            "fee": one.fee,
            "ends_at": one.ends_at,
            "left": left(one.ends_at, now),
            "reasons": [refusal.message + refusal.remedy for refusal in own[one.code]],
            "disabled": bool(own[one.code]),
            "being_paid": _is_being_paid(one),
            "checked": one.code in chosen and not own[one.code],
            "field_id": f"subject-{one.code}",
        }
        for one in unpaid
    ]
    picked = [one for one in free if one.code in chosen]
    return {
        "lines": lines,
        "picked": [line for line in lines if line["checked"]],
        "sum": sum((one.fee for one in picked), Decimal(0)),
        "errors": [refusal for one in picked for refusal in _refusals(one, chosen, held, now)],
        "can_pay": bool(free),
    }


def _refusals(due: Due, chosen: Collection[str], held: Sequence[SubjectFacts], now: datetime) -> list[Refused]:
    """What stands in the way on a page: an own payment under way doesn't, since a second one first ends it (D5)."""
    found = rules.refusals(due, chosen, held, now)
    return [one for one in found if not (one.code == "locked" and _is_being_paid(due))]


def _is_being_paid(due: Due) -> bool:
    return due.facts.entry is not None and due.facts.entry.lock == "payment"


def open_attempts(registration: uuid.UUID, codes: Collection[str]) -> list[Attempt]:
    """The open attempts that hold an entry of these subjects (rule D5)."""
    found = Attempt.objects.filter(
        state=Attempt.State.OPEN, order__registration_id=registration, order__lines__subject_id__in=list(codes)
    )
    return list(found.distinct())


def open_attempts_of(registration: uuid.UUID) -> list[Attempt]:
    """Every open attempt of the registration, the newest first."""
    return list(
        Attempt.objects.filter(state=Attempt.State.OPEN, order__registration_id=registration).order_by("-started_at")
    )


def payments(registration: uuid.UUID, now: datetime) -> list[dict[str, Any]]:
    """Every attempt of a registration, the newest first, with where its money is."""
    allotments = Allotment.objects.select_related("refund", "line__subject")
    found = (
        Attempt.objects.filter(order__registration_id=registration)
        .prefetch_related(
            "order__lines__subject",
            Prefetch("settlement", Settlement.objects.prefetch_related(Prefetch("allotments", allotments))),
        )
        .order_by("-started_at")[:RECENT]
    )
    return [payment(attempt, now) for attempt in found]


def payment(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """One attempt as pages show it: `state` is paid, back, doubt or ended; what of it paid which subject; what went or
    goes back and why."""
    settlement = getattr(attempt, "settlement", None)
    allotted = _in_order(settlement.allotments.all()) if settlement else []
    kept = [one for one in allotted if one.refund is None]
    paid = [_label(one) for one in kept]
    back = [
        {
            "label": _label(one),
            "amount": one.amount,
            "why": BACK[one.refund.why],
            "done_at": one.refund.done_at,
            "stuck": one.refund.state == "stuck",
        }
        for one in allotted
        if one.refund
    ]
    return {
        "number": attempt.number,
        "provider": providers.NAMES[attempt.provider],
        "amount": attempt.amount,
        "state": _state(attempt, paid),
        "started_at": attempt.started_at,
        "expires_at": attempt.expires_at,
        "lasts": now < attempt.expires_at,
        "waited": left(now, attempt.started_at),
        "paid_at": settlement and (settlement.paid_at or settlement.settled_at),
        "booked_at": settlement and settlement.settled_at,
        "ended_at": attempt.ended_at,
        "subjects": [f"({line.subject_id}) {line.subject.name}" for line in _lines(attempt)],
        "paid": paid,
        "paid_sum": sum((one.amount for one in kept), Decimal(0)),
        "back": back,
    }


def _state(attempt: Attempt, paid: Sequence[str]) -> str:
    if attempt.state == Attempt.State.PAID:
        return "paid" if paid else "back"
    return "doubt" if attempt.state == Attempt.State.OPEN else "ended"


def _lines(attempt: Attempt) -> list[Any]:
    return sorted(attempt.order.lines.all(), key=lambda line: line.subject.position)


def _in_order(allotments: Any) -> list[Allotment]:
    return sorted(allotments, key=lambda one: one.line.subject.position)


def _label(allotment: Allotment) -> str:
    return f"({allotment.line.subject_id}) {allotment.line.subject.name}"

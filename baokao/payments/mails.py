"""What payers are told by mail; each is an outbox row of the transaction that it tells of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from baokao.core.outbox import send_mail
from baokao.exams import queries as exams
from baokao.payments import providers
from baokao.payments.models import Allotment, Attempt, Order, Refund
from baokao.payments.words import BACK
from baokao.registration.models import Registration


def tell_of_settlement(order: Order, attempt: Attempt, allotted: Sequence[Allotment], now: datetime) -> None:
    """支付成功, and what of the money goes back and why."""
    paid = [_label(one) for one in allotted if one.refund is None]
    back = [{"label": _label(one), "amount": one.amount, "why": BACK[one.refund.why]} for one in allotted if one.refund]
    context = _context(attempt) | {"paid": paid, "back": back}
    _send(order, "payments/paid" if paid else "payments/returned", context, now)


def tell_of_end(order: Order, attempt: Attempt, now: datetime) -> None:
    """An attempt ran out without money; the entries wait to be paid or end."""
    _send(order, "payments/ended", _context(attempt), now)


def tell_of_refund(refund: Refund, now: datetime) -> None:
    """The provider took our refund."""
    attempt = refund.settlement.attempt
    context = _context(attempt) | {"returned": refund.amount, "why": BACK[refund.why], "done_at": now}
    _send(Order.objects.get(attempts=attempt), "payments/refunded", context, now)


def _send(order: Order, template: str, context: dict[str, Any], now: datetime) -> None:
    """To whoever holds the registration now: it may have moved to another passport (rule A7)."""
    if order.registration_id is None:
        return
    account = Registration.objects.values_list("passport__account", flat=True).get(id=order.registration_id)
    send_mail(account, template, context, now)


def _context(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "amount": attempt.amount,
        "provider": providers.NAMES[attempt.provider],
    }


def _label(allotment: Allotment) -> str:
    code = allotment.line.subject_id
    return f"({code}) {exams.subject_names()[code]}"

"""What payers and candidates are told by mail; each is an outbox row of the transaction that it tells of."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from baokao.core.outbox import send_mail
from baokao.core.outbox.write import COPY as OUTBOX_COPY
from baokao.core.outbox.write import row as outbox_row
from baokao.core.raw import copy_rows, raw_connection
from baokao.exams import queries as exams
from baokao.payments import providers
from baokao.payments.models import Allotment, Attempt, GroupPayment, Order, Refund
from baokao.payments.words import BACK
from baokao.registration.models import Registration
from baokao.registration.rules import LiveEntry


def tell_of_settlement(order: Order, attempt: Attempt, allotted: Sequence[Allotment], now: datetime) -> None:
    """支付成功, and what of the money goes back and why; of a group payment each candidate is told their part."""
    if order.group_id:
        tell_of_group(order, allotted, now)
        return
    paid = [_label(one) for one in allotted if one.refund is None]
    back = [{"label": _label(one), "amount": one.amount, "why": BACK[one.refund.why]} for one in allotted if one.refund]
    context = _context(attempt) | {"paid": paid, "back": back}
    _send(order, "payments/paid" if paid else "payments/returned", context, now)


def tell_of_group(order: Order, allotted: Sequence[Allotment], now: datetime) -> None:
    """Each candidate of a group payment: what the school paid for them, and what went back to it."""
    own: dict[uuid.UUID, list[Allotment]] = {}
    for one in sorted(allotted, key=lambda found: found.line.subject.position):
        own.setdefault(one.line.registration_id, []).append(one)
    accounts = dict(Registration.objects.filter(id__in=own).values_list("id", "passport__account"))
    mails = []
    for registration, those in own.items():
        context = {
            "school": order.group.school.name if order.group else "",
            "paid": [_label(one) for one in those if one.refund is None],
            "back": [{"label": _label(one), "why": BACK[one.refund.why]} for one in those if one.refund],
        }
        template = "payments/group_paid" if context["paid"] else "payments/group_returned"
        mails.append((accounts[registration], template, context))
    _send_many(mails, now)


def tell_of_release(
    group: GroupPayment, released: Mapping[str, Sequence[LiveEntry]], ends: Mapping[uuid.UUID, datetime], now: datetime
) -> None:
    """Each candidate whose entries a group let go: until when they are held now. What is over goes with the next round
    of the clock, whose mail tells of it."""
    mails = []
    for account, entries in released.items():
        kept = [{"label": one.label, "held_until": ends[one.id]} for one in entries if ends[one.id] > now]
        if kept:
            context = {"school": group.school.name, "released": kept}
            mails.append((account, "payments/group_released", context))
    _send_many(mails, now)


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
        # The school looks at its page; candidates are told by what becomes of their entries.
        return
    account = Registration.objects.values_list("passport__account", flat=True).get(id=order.registration_id)
    # An account that was closed since has no address any more.
    if account:
        send_mail(account, template, context, now)


def _send_many(mails: Sequence[tuple[str, str, dict[str, Any]]], now: datetime) -> None:
    """Address, template and context of each, on the caller's transaction."""
    payloads = [{"to": to, "template": template, "context": context} for to, template, context in mails if to]
    copy_rows(raw_connection(), OUTBOX_COPY, [outbox_row("mail", payload, now) for payload in payloads])


def _context(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "amount": attempt.amount,
        "provider": providers.NAMES[attempt.provider],
    }


def _label(allotment: Allotment) -> str:
    code = allotment.line.subject_id
    return f"({code}) {exams.subject_names()[code]}"

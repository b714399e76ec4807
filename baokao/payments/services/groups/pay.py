"""The school pays: an order of all that the group holds, and an attempt at it (rules D5, D8)."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.core.raw import raw_connection
from baokao.core.verdict import RefusedError
from baokao.payments import group_rules as rules
from baokao.payments.audit import PaymentAction
from baokao.payments.models import Attempt, GroupPayment, Line, Order, Pick
from baokao.payments.services.groups import state
from baokao.payments.services.start import attempt_at
from baokao.registration import live
from baokao.registration.rules import LiveEntry
from baokao.registration.services import paying


def start_group(group_id: uuid.UUID, provider: str, bank: str, actor: str, now: datetime) -> Attempt:
    """Make an order of the entries that the group holds and an attempt at it. They stay locked by the group.

    An attempt that is open has to be ended first (`end_for_another`). Raises RefusedError: being paid, over, nothing
    locked, or what `group_rules.paying_refusals` says.
    """
    with (
        audit.refusals(PaymentAction.GROUP_START_REFUSED, actor=actor, subject=f"group:{group_id}", at=now),
        transaction.atomic(),
        connection.wrap_database_errors,
    ):
        group = state.changeable(group_id)
        raw = raw_connection()
        picks = {pick.entry_id: pick for pick in Pick.objects.filter(group=group).exclude(ends_at=None)}
        bound = paying.lock_registrations(raw, {pick.registration_id for pick in picks.values()})
        held = [one for one in live.read(raw, bound.values(), now) if one.locked_by == group.id]
        if not held:
            raise RefusedError(rules.EMPTY)
        ends = [picks[one.id].ends_at or one.held_until for one in held]
        if refused := rules.paying_refusals(list(zip(held, ends, strict=True)), now):
            raise RefusedError(*refused)
        attempt = attempt_at(_order(group, held, now), ends, provider, bank, now)
        state.renew(group, now)
        audit.record(
            PaymentAction.GROUP_STARTED,
            actor=actor,
            subject=f"group:{group.id}",
            sitting=group.sitting_id,
            detail={"attempt": attempt.id, "provider": provider, "amount": attempt.amount, "entries": len(held)},
            at=now,
        )
        faults.point("group.before_start_commits")
    return attempt


def _order(group: GroupPayment, held: Sequence[LiveEntry], now: datetime) -> Order:
    order = Order.objects.create(
        sitting_id=group.sitting_id,
        group=group,
        amount=sum((one.fee for one in held), Decimal(0)),
        made_at=now,
    )
    Line.objects.bulk_create(
        Line(
            order=order,
            registration_id=one.registration,
            entry_id=one.id,
            offering_id=one.offering,
            subject_id=one.code,
            amount=one.fee,
        )
        for one in held
    )
    return order

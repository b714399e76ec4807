"""去支付: an order of unpaid entries and the first attempt at paying it (rules D1, D5)."""

import secrets
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.core.clock import local
from baokao.core.raw import raw_connection
from baokao.core.verdict import RefusedError
from baokao.payments import due as dues
from baokao.payments import rules
from baokao.payments.audit import PaymentAction
from baokao.payments.models import Attempt, Line, Order
from baokao.payments.rules import Due
from baokao.registration import facts
from baokao.registration.services import paying
from baokao.registration.services import plan as plans
from baokao.registration.standing import Bound


def start(
    passport: uuid.UUID, sitting: str, codes: Collection[str], provider: str, bank: str, now: datetime
) -> Attempt:
    """Make an order of the unpaid entries of these subjects and an attempt at it, which locks them while it lasts.

    Whoever paid for them before has to be ended first (`end_for_another`). Nothing is sent to the provider: the browser
    goes there with what the adapter makes of the attempt.
    Raises RefusedError with every refusal: nothing chosen, the agreement (B2), and each entry's own (rules.refusals).
    """
    who = f"passport:{passport.hex}"
    with (
        audit.refusals(PaymentAction.START_REFUSED, actor=who, subject=who, sitting=sitting, at=now),
        transaction.atomic(),
        connection.wrap_database_errors,
    ):
        raw = raw_connection()
        bound = plans.lock(raw, passport, sitting)
        found = facts.read(raw, facts.Who.of(bound), "written", "speaking")
        chosen = [one for one in dues.due(found) if one.code in codes]
        held = [one for one in found if one.entry]
        refused = [refusal for one in chosen for refusal in rules.refusals(one, codes, held, now)]
        if refused or not chosen:
            raise RefusedError(*(refused or [rules.NOTHING]))
        pay_until = [span.pay_until for one in chosen for span in one.facts.spans] + [one.ends_at for one in chosen]
        attempt = attempt_at(_order(bound, chosen, now), pay_until, provider, bank, now)
        entries = [uuid.UUID(one.entry) for one in chosen]
        if not paying.lock_entries(raw, bound.id, entries, "payment", attempt.id):
            raise RefusedError(rules.IN_DOUBT)
        audit.record(
            PaymentAction.STARTED,
            actor=who,
            subject=f"attempt:{attempt.id}",
            sitting=sitting,
            detail={"provider": provider, "amount": attempt.amount, "subjects": [one.code for one in chosen]},
            at=now,
        )
        faults.point("pay.before_start_commits")
    return attempt


def _order(bound: Bound, chosen: Sequence[Due], now: datetime) -> Order:
    order = Order.objects.create(
        sitting_id=bound.sitting,
        passport_id=bound.passport,
        registration_id=bound.id,
        amount=sum((one.fee for one in chosen), Decimal(0)),
        made_at=now,
    )
    Line.objects.bulk_create(
        Line(
            order=order,
            registration_id=bound.id,
            entry_id=one.entry,
            offering_id=one.offering,
            subject_id=one.code,
            amount=one.fee,
        )
        for one in chosen
    )
    return order


def attempt_at(order: Order, pay_until: Sequence[datetime], provider: str, bank: str, now: datetime) -> Attempt:
    """An open attempt at an order, on the caller's transaction. `pay_until` are the ends of what it may pay, from which
    follows how long it waits for a provider that doesn't answer at all (rule D5)."""
    expires = now + rules.LASTS
    return Attempt.objects.create(
        sitting_id=order.sitting_id,
        order=order,
        provider=provider,
        bank=bank,
        number=f"{local(now):%Y%m%d}{secrets.token_hex(10)}",
        amount=order.amount,
        started_at=now,
        expires_at=expires,
        gives_up_at=max(expires, *pay_until) + rules.KEPT_IN_DOUBT,
        ask_at=rules.ask_again(0, expires, now),
    )

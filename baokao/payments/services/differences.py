"""Settling by hand what a bill and our books differ in (rule D7)."""

import uuid
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.payments.audit import PaymentAction
from baokao.payments.models import Difference


def settle_difference(difference: uuid.UUID, by: str, reason: str, now: datetime) -> Difference:
    """Somebody has looked, done what was to be done, and says what it was. It stays settled, whatever is compared.

    `Difference.DoesNotExist`, also when it is settled already; ValueError without a name or a reason, or in the name of
    the program itself.
    """
    by, reason = by.strip(), reason.strip()
    if not by or not reason or by == Difference.BY_ITSELF or len(by) > 60 or len(reason) > 500:
        raise ValueError("A difference is settled by somebody, with a reason.")
    with transaction.atomic():
        found = Difference.objects.select_for_update(of=("self",), no_key=True).get(
            id=difference, state=Difference.State.LISTED
        )
        found.state, found.settled_at, found.settled_by, found.reason = Difference.State.SETTLED, now, by, reason
        found.save(update_fields=["state", "settled_at", "settled_by", "reason"])
        audit.record(
            PaymentAction.DIFFERENCE_SETTLED,
            actor=f"operator:{by}",
            subject=f"difference:{found.id}",
            detail={"kind": found.kind, "ours": found.ours, "theirs": found.theirs},
            at=now,
        )
    return found

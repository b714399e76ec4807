"""The row of a group payment: locked first by whoever works on it, and its state written anew by what follows."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from baokao.core.raw import rows
from baokao.core.verdict import RefusedError
from baokao.payments import group_rules as rules
from baokao.payments.models import Allotment, Attempt, GroupPayment, Pick
from baokao.registration.models import Entry

State = GroupPayment.State
# How many registrations one transaction locks.
BATCH = 200

_BATCH = """
SELECT DISTINCT registration_id FROM payments_pick
 WHERE group_id = %s AND id = ANY(%s) AND registration_id > %s ORDER BY registration_id LIMIT %s
"""


def locked(group: uuid.UUID) -> GroupPayment:
    """The group's row, locked until the transaction ends."""
    return GroupPayment.objects.select_for_update(of=("self",), no_key=True).get(id=group)


def changeable(group: uuid.UUID) -> GroupPayment:
    """The same, if its list may be changed. Raises RefusedError while it is being paid and when it is over."""
    found = locked(group)
    if found.state == State.PAYING:
        raise RefusedError(rules.BUSY)
    if found.state not in (State.PICKING, State.LOCKED):
        raise RefusedError(rules.OVER)
    return found


def renew(group: GroupPayment, now: datetime) -> None:
    """Write the state that follows from what the group holds, pays and has paid."""
    state = _state(group)
    if state != group.state:
        group.state, group.changed_at = state, now
        group.save(update_fields=["state", "changed_at"])


def paid(group: GroupPayment, allotted: Iterable[Allotment], now: datetime) -> None:
    """Note which of its picks the group's money paid, be it late, and for which it went back; and renew its state."""
    paid_for: list[uuid.UUID] = []
    back: dict[str, list[uuid.UUID]] = {}
    for one in allotted:
        (back.setdefault(one.refund.why, []) if one.refund else paid_for).append(one.line.entry_id)
    picks = Pick.objects.filter(group=group)
    picks.filter(entry__in=paid_for).update(paid_at=now, ends_at=None)
    for why, entries in back.items():
        picks.filter(entry__in=entries).update(back=why)
    renew(group, now)


def _state(group: GroupPayment) -> GroupPayment.State:
    if Attempt.objects.filter(order__group=group, state=Attempt.State.OPEN).exists():
        return State.PAYING
    if Entry.objects.filter(locked_by=group.id).exists():
        return State.LOCKED
    if Pick.objects.filter(group=group).exclude(paid_at=None).exists():
        return State.PAID
    waiting = Pick.objects.filter(Q(group=group), released_at=None, ends_at=None)
    return State.PICKING if waiting.exists() else State.RELEASED


def batches(group: uuid.UUID, picks: Sequence[uuid.UUID]) -> list[list[uuid.UUID]]:
    """The registrations of these picks, in order of their ids, some at a time."""
    found: list[list[uuid.UUID]] = []
    last = uuid.UUID(int=0)
    while batch := [row[0] for row in rows(_BATCH, [group, list(picks), last, BATCH])]:
        found.append(batch)
        last = batch[-1]
    return found

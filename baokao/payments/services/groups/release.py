"""解除锁定: entries go back to their candidates, whose 24 hours begin again; and every lock ends at pay-until (rule
D8)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.core.raw import raw_connection
from baokao.core.verdict import RefusedError
from baokao.payments import group_rules as rules
from baokao.payments.audit import PaymentAction
from baokao.payments.mails import tell_of_release
from baokao.payments.models import GroupPayment, Pick
from baokao.payments.services.groups import state
from baokao.registration import live
from baokao.registration.rules import LiveEntry
from baokao.registration.services import paying
from baokao.registration.standing import Bound

DUE_AT_ONCE = 20


def release_group(group_id: uuid.UUID, picks: Collection[uuid.UUID] | None, actor: str, now: datetime) -> int:
    """Let go of these picks, or with None of all that the group holds, and take them off the list; how many entries
    were locked. A written entry takes its speaking entry along.

    Raises RefusedError while the group is being paid (end its attempt first) and when it is over.
    """
    with audit.refusals(PaymentAction.GROUP_RELEASE_REFUSED, actor=actor, subject=f"group:{group_id}", at=now):
        with transaction.atomic():
            state.changeable(group_id)
        chosen = Pick.objects.filter(group=group_id, released_at=None, paid_at=None)
        if picks is not None:
            chosen = chosen.filter(id__in=picks)
        return _in_batches(group_id, list(chosen.values_list("id", flat=True)), actor, now)


def release_due(now: datetime, limit: int = DUE_AT_ONCE) -> int:
    """End the locks of up to `limit` groups whose pay-until has come, unless they are being paid in this moment (D5);
    of how many groups."""
    due = Pick.objects.filter(ends_at__lte=now).exclude(group__state=GroupPayment.State.PAYING)
    groups = list(due.order_by("group").values_list("group", flat=True).distinct()[:limit])
    for group in groups:
        try:
            _in_batches(group, list(due.filter(group=group).values_list("id", flat=True)), "system", now)
        except RefusedError:
            # Its school began to pay since; when that ends it is due again.
            continue
    return len(groups)


def _in_batches(group_id: uuid.UUID, picks: Sequence[uuid.UUID], actor: str, now: datetime) -> int:
    return sum(_release(group_id, batch, picks, actor, now) for batch in state.batches(group_id, picks))


def _release(
    group_id: uuid.UUID, batch: Sequence[uuid.UUID], picks: Collection[uuid.UUID], actor: str, now: datetime
) -> int:
    with transaction.atomic(), connection.wrap_database_errors:
        group = state.locked(group_id)
        if group.state == GroupPayment.State.PAYING:
            raise RefusedError(rules.BUSY)
        raw = raw_connection()
        bound = paying.lock_registrations(raw, batch)
        found = live.read(raw, bound.values(), now)
        chosen = Pick.objects.filter(group=group, registration__in=batch, id__in=list(picks))
        wanted = rules.with_speaking(set(chosen.values_list("entry_id", flat=True)), found)
        held = [one for one in wanted if one.locked_by == group.id]
        ends = {one.id: rules.held_until(one, settings.UNPAID_HOLD, now) for one in held}
        let_go = paying.let_go_for_group(raw, group.id, ends)
        # Also those that ended or were paid by other money since: they are no concern of the group's any more.
        Pick.objects.filter(group=group, released_at=None, entry__in=let_go).update(ends_at=None, released_at=now)
        chosen.filter(released_at=None).update(ends_at=None, released_at=now)
        faults.point("group.before_release_commits")
        state.renew(group, now)
        audit.record(
            PaymentAction.GROUP_RELEASED,
            actor=actor,
            subject=f"group:{group.id}",
            sitting=group.sitting_id,
            detail={"released": len(let_go)},
            at=now,
        )
        tell_of_release(group, _by_owner(held, bound), ends, now)
    return len(let_go)


def _by_owner(held: Sequence[LiveEntry], bound: Mapping[uuid.UUID, Bound]) -> dict[str, list[LiveEntry]]:
    """The entries by the account that they belong to."""
    found: dict[str, list[LiveEntry]] = {}
    for one in held:
        found.setdefault(bound[one.registration].account, []).append(one)
    return found

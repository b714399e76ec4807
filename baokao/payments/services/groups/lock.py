"""锁定: the group takes its entries, so that their candidates neither cancel nor pay them and no clock ends them (rule
D8). What can't be taken is skipped, with the reason, and holds nothing else up."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.core.raw import raw_connection
from baokao.payments import group_rules as rules
from baokao.payments.audit import PaymentAction
from baokao.payments.group_rules import Skip
from baokao.payments.models import GroupPayment, Pick
from baokao.payments.services.groups import state
from baokao.registration import live
from baokao.registration.rules import LiveEntry
from baokao.registration.services import paying
from baokao.registration.services.paying import Raw

_HELD = """
UPDATE payments_pick k SET ends_at = given.ends_at, skipped = ''
  FROM unnest(%s::uuid[], %s::timestamptz[]) AS given(entry, ends_at)
 WHERE k.group_id = %s AND k.entry_id = given.entry
"""
_SKIPPED = """
UPDATE payments_pick k SET skipped = given.why
  FROM unnest(%s::uuid[], %s::text[]) AS given(entry, why)
 WHERE k.group_id = %s AND k.entry_id = given.entry
"""
# A speaking entry that was made after its written one was picked (rule D8).
_ALONG = """
INSERT INTO payments_pick (id, group_id, registration_id, entry_id, subject_id, offering_id, amount, picked_at)
VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (group_id, entry_id) DO UPDATE SET released_at = NULL
"""


@dataclass
class Locked:
    """How many entries a call locked, and how many it skipped for which reason."""

    count: int = 0
    skipped: Counter[Skip] = field(default_factory=Counter)


def lock_group(group_id: uuid.UUID, actor: str, now: datetime) -> Locked:
    """Lock what is on the group's list and not held yet. Asked again it goes on where it was.

    Raises RefusedError while the group is being paid and when it is over.
    """
    done = Locked()
    with audit.refusals(PaymentAction.GROUP_LOCK_REFUSED, actor=actor, subject=f"group:{group_id}", at=now):
        with transaction.atomic():
            state.changeable(group_id)
        waiting = Pick.objects.filter(group=group_id, released_at=None, ends_at=None, paid_at=None)
        for batch in state.batches(group_id, list(waiting.values_list("id", flat=True))):
            _lock(group_id, batch, actor, now, done)
    return done


def _lock(group_id: uuid.UUID, batch: Sequence[uuid.UUID], actor: str, now: datetime, done: Locked) -> None:
    with transaction.atomic(), connection.wrap_database_errors:
        group = state.changeable(group_id)
        raw = raw_connection()
        bound = paying.lock_registrations(raw, batch)
        found = live.read(raw, bound.values(), now)
        picked = set(
            Pick.objects.filter(group=group, registration__in=batch, released_at=None, ends_at=None, paid_at=None)
            .values_list("entry_id", flat=True)
        )  # fmt: skip
        wanted = rules.with_speaking(picked, found)
        skips: dict[uuid.UUID, Skip] = rules.skips(wanted, found, group.id, now)
        can = {one.id: one for one in wanted if one.id not in skips}
        taken = paying.take_for_group(raw, group.id, [one for one in can if can[one].locked_by is None], now)
        # What ended or was taken by somebody since it was read; under the registrations' locks there is none.
        skips |= dict.fromkeys(picked - can.keys() - skips.keys(), Skip.GONE)
        _write(raw, group, [can[one] for one in taken], picked, skips, now)
        faults.point("group.before_lock_commits")
        state.renew(group, now)
        audit.record(
            PaymentAction.GROUP_LOCKED,
            actor=actor,
            subject=f"group:{group.id}",
            sitting=group.sitting_id,
            detail={"locked": len(taken), "skipped": dict(Counter(skips.values()))},
            at=now,
        )
    done.count += len(taken)
    done.skipped.update(skips.values())


def _write(
    raw: Raw,
    group: GroupPayment,
    taken: Sequence[LiveEntry],
    picked: set[uuid.UUID],
    skips: Mapping[uuid.UUID, Skip],
    now: datetime,
) -> None:
    for one in taken:
        if one.id not in picked:
            raw.execute(_ALONG, [group.id, one.registration, one.id, one.code, one.offering, one.fee, now])
    raw.execute(_HELD, [[one.id for one in taken], [rules.ends_at(one) for one in taken], group.id])
    raw.execute(_SKIPPED, [list(skips), [str(why) for why in skips.values()], group.id])

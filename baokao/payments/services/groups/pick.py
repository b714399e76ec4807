"""Picking: which entries a group payment is to hold. Nothing is locked by it (rule D8)."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit
from baokao.core.verdict import RefusedError
from baokao.payments import group_rules as rules
from baokao.payments.audit import PaymentAction
from baokao.payments.models import GroupPayment, Pick
from baokao.payments.services.groups import state

# Only unpaid entries of the group's school and sitting, each written one with its unpaid speaking entry.
_PICK = """
WITH chosen AS (
  SELECT e.* FROM registration_entry e
    JOIN registration_registration r ON r.id = e.registration_id
    JOIN exams_campus c ON c.code = r.campus_id
   WHERE e.id = ANY(%(entries)s) AND e.state = 'unpaid' AND e.sitting_id = %(sitting)s AND c.school_id = %(school)s),
along AS (
  SELECT s.* FROM chosen w
    JOIN exams_subject ws ON ws.code = w.subject_id
    JOIN registration_entry s ON s.registration_id = w.registration_id AND s.kind = 'speaking' AND s.level = w.level
     AND s.state = 'unpaid'
    JOIN exams_subject ss ON ss.code = s.subject_id AND ss.language = ws.language
   WHERE w.kind = 'written')
INSERT INTO payments_pick (id, group_id, registration_id, entry_id, subject_id, offering_id, amount, picked_at)
SELECT gen_random_uuid(), %(group)s, one.registration_id, one.id, one.subject_id, one.offering_id, one.fee, %(now)s
  FROM (SELECT * FROM chosen UNION SELECT * FROM along) one
    ON CONFLICT (group_id, entry_id) DO UPDATE SET released_at = NULL, skipped = '', picked_at = excluded.picked_at
 WHERE payments_pick.released_at IS NOT NULL AND payments_pick.paid_at IS NULL
"""


def make_group(
    school: str, sitting: str, name: str, entries: Collection[uuid.UUID], actor: str, by_name: str, now: datetime
) -> GroupPayment:
    """A new group payment of these entries. `actor` and `by_name` say who made it.

    Raises RefusedError: no name, none of the entries is an unpaid one of the school, or too many.
    """
    with (
        audit.refusals(
            PaymentAction.GROUP_PICK_REFUSED, actor=actor, subject=f"school:{school}", sitting=sitting, at=now
        ),
        transaction.atomic(),
    ):
        if not name.strip():
            raise RefusedError(rules.NO_NAME)
        group = GroupPayment.objects.create(
            sitting_id=sitting,
            school_id=school,
            name=name.strip()[:60],
            made_by=actor,
            made_by_name=by_name,
            made_at=now,
            changed_at=now,
        )
        _pick(group, entries, actor, now)
    return group


def add_picks(group_id: uuid.UUID, entries: Collection[uuid.UUID], actor: str, now: datetime) -> int:
    """Put further entries on the list; how many came onto it. Raises RefusedError as `make_group`, and while the group
    is being paid or when it is over."""
    with (
        audit.refusals(PaymentAction.GROUP_PICK_REFUSED, actor=actor, subject=f"group:{group_id}", at=now),
        transaction.atomic(),
    ):
        return _pick(state.changeable(group_id), entries, actor, now)


def _pick(group: GroupPayment, entries: Collection[uuid.UUID], actor: str, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _PICK,
            {
                "group": group.id,
                "entries": list(entries),
                "sitting": group.sitting_id,
                "school": group.school_id,
                "now": now,
            },
        )
        added = int(cursor.rowcount)
    if added == 0:
        raise RefusedError(rules.NOBODY)
    if Pick.objects.filter(group=group, released_at=None).count() > rules.MOST:
        raise RefusedError(rules.TOO_MANY)
    audit.record(
        PaymentAction.GROUP_PICKED,
        actor=actor,
        subject=f"group:{group.id}",
        sitting=group.sitting_id,
        detail={"school": group.school_id, "picked": added},
        at=now,
    )
    return added

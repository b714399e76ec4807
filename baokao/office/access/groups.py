"""Group payments of the desk's own school (rule D8)."""

import uuid

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from baokao.office.access.students import registrations
from baokao.office.desk import Desk
from baokao.payments.models import Attempt, GroupPayment, Pick


def groups(desk: Desk) -> QuerySet[GroupPayment]:
    """The school's group payments in the desk's sitting; of a desk that is narrowed to campuses or departments those
    on whose list nobody else's students are."""
    found = GroupPayment.objects.filter(sitting=desk.sitting, school__in=desk.scope.schools)
    if desk.scope.whole:
        return found
    others = Pick.objects.exclude(registration__in=registrations(desk))
    return found.exclude(id__in=others.values("group"))


def group(desk: Desk, group_id: uuid.UUID) -> GroupPayment:
    """One of them. Raises Http404."""
    return get_object_or_404(groups(desk), id=group_id)


def picks(desk: Desk, group_id: uuid.UUID) -> QuerySet[Pick]:
    """What is or was on the list of a group."""
    return Pick.objects.filter(group__in=groups(desk), group=group_id)


def group_attempts(desk: Desk, group_id: uuid.UUID) -> QuerySet[Attempt]:
    """The attempts at paying a group, the newest first."""
    return Attempt.objects.filter(order__group__in=groups(desk), order__group=group_id).order_by("-started_at")

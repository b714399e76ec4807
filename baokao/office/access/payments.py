"""What was paid for the desk's own students, by themselves or by the school (rules D1, D8)."""

from collections.abc import Sequence

from django.db.models import QuerySet

from baokao.office.access.students import registrations
from baokao.office.desk import Desk
from baokao.payments.models import Allotment, Attempt, Pick
from baokao.registration.models import Registration


def attempts(desk: Desk, own: Sequence[Registration]) -> QuerySet[Attempt]:
    """The attempts of these candidates of the desk at paying for themselves."""
    return Attempt.objects.filter(order__registration__in=_of(desk, own))


def allotments(desk: Desk, own: Sequence[Registration]) -> QuerySet[Allotment]:
    """What became of the money that came for them, whoever paid, line by line."""
    return Allotment.objects.filter(line__registration__in=_of(desk, own)).select_related("line")


def student_picks(desk: Desk, own: Sequence[Registration]) -> QuerySet[Pick]:
    """Their entries on the lists of group payments."""
    return Pick.objects.filter(registration__in=_of(desk, own))


def _of(desk: Desk, own: Sequence[Registration]) -> QuerySet[Registration]:
    """Those of them that the desk reaches."""
    return registrations(desk).filter(id__in=[one.id for one in own])

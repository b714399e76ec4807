"""Schools, campuses and what is offered there."""

from django.db.models import Q, QuerySet

from baokao.exams.models import Campus, Offering, School
from baokao.office.desk import Desk


def schools(desk: Desk) -> QuerySet[School]:
    """The schools of the desk."""
    scope = desk.scope
    if scope.everything:
        return School.objects.all()
    return School.objects.filter(Q(province__in=scope.provinces) | Q(code__in=scope.schools))


def campuses(desk: Desk) -> QuerySet[Campus]:
    """The campuses of the desk: its school's, or those of them that it is narrowed to."""
    scope = desk.scope
    if scope.everything:
        return Campus.objects.all()
    within = Campus.objects.filter(Q(school__province__in=scope.provinces) | Q(school__in=scope.schools))
    return within.filter(code__in=scope.campuses) if scope.campuses else within


def offerings(desk: Desk) -> QuerySet[Offering]:
    """What is offered at the desk's campuses in its sitting."""
    return Offering.objects.filter(sitting=desk.sitting, campus__in=campuses(desk))

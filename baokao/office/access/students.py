"""Student records, registrations and entries of the desk's own students."""

import uuid

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from baokao.office.access.places import campuses
from baokao.office.desk import Desk
from baokao.registration.models import Entry, Registration, Release
from baokao.roster.models import StudentRecord


def records(desk: Desk) -> QuerySet[StudentRecord]:
    """The roster of the desk's sitting, removed students included, by record campus and department."""
    found = StudentRecord.objects.filter(sitting=desk.sitting)
    if desk.scope.everything:
        return found
    found = found.filter(campus__in=campuses(desk))
    return found.filter(department__in=desk.scope.departments) if desk.scope.departments else found


def record(desk: Desk, record_id: uuid.UUID) -> StudentRecord:
    """One of them. Raises Http404."""
    return get_object_or_404(records(desk), id=record_id)


def registrations(desk: Desk) -> QuerySet[Registration]:
    """The registrations of the desk's students, whatever became of them."""
    found = Registration.objects.filter(sitting=desk.sitting)
    return found if desk.scope.everything else found.filter(record__in=records(desk))


def registration(desk: Desk, registration_id: uuid.UUID) -> Registration:
    """One of them. Raises Http404."""
    return get_object_or_404(registrations(desk), id=registration_id)


def entries(desk: Desk) -> QuerySet[Entry]:
    """The entries of the desk's students, at whichever campus."""
    found = Entry.objects.filter(sitting=desk.sitting)
    return found if desk.scope.everything else found.filter(registration__record__in=records(desk))


def releases(desk: Desk) -> QuerySet[Release]:
    """The releases of registrations that strangers held of the desk's students (rule B10)."""
    return Release.objects.filter(registration__in=registrations(desk))


def release(desk: Desk, release_id: uuid.UUID) -> Release:
    """One of them. Raises Http404."""
    return get_object_or_404(releases(desk), id=release_id)

"""Imports, findings, conflicts, photos and the history of records, within a desk's reach (rules G1, G3)."""

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from baokao.core.words import masked_number
from baokao.office.access.places import campuses, schools
from baokao.office.access.students import records
from baokao.office.desk import Desk
from baokao.passport.models import Role
from baokao.roster.models import (
    ImportCells,
    ImportFinding,
    ImportLine,
    Photo,
    RecordChange,
    RecordConflict,
    RosterImport,
    StudentRecord,
)
from baokao.roster.reach import Reach
from baokao.roster.services.conflicts import Party


def reach(desk: Desk) -> Reach:
    """What a coordinator's files and forms may touch. Raises Http404 for a desk without a school: no school at all is
    not every school."""
    scope = desk.scope
    if not scope.school or scope.everything:
        raise Http404
    return Reach.of(scope.school, scope.campuses, scope.departments)


def imports(desk: Desk, kind: RosterImport.Kind) -> QuerySet[RosterImport]:
    """The imports of a kind in the desk's sitting; of those of a school, what a narrowed desk could have sent."""
    found = RosterImport.objects.filter(sitting=desk.sitting, school__in=schools(desk), kind=kind)
    if desk.scope.campuses:
        found = found.filter(campuses__contained_by=sorted(desk.scope.campuses)).exclude(campuses=[])
    if desk.scope.departments:
        found = found.filter(departments__contained_by=sorted(desk.scope.departments)).exclude(departments=[])
    return found


def roster_import(desk: Desk, import_id: uuid.UUID) -> RosterImport:
    """One of them, of either kind. Raises Http404."""
    for kind in RosterImport.Kind:
        found = imports(desk, kind).filter(id=import_id).first()
        if found is not None:
            return found
    raise Http404


def findings(desk: Desk, one: RosterImport) -> QuerySet[ImportFinding]:
    """The faults and warnings of an import that the desk was given by `roster_import`."""
    return ImportFinding.objects.filter(roster_import=one)


def lines(desk: Desk, one: RosterImport) -> QuerySet[ImportLine]:
    """What such an import would do, row by row."""
    return ImportLine.objects.filter(roster_import=one).defer("jpeg")


def cells(desk: Desk, one: RosterImport) -> QuerySet[ImportCells]:
    """The cells of its faulty rows."""
    return ImportCells.objects.filter(roster_import=one).order_by("row")


def changes(desk: Desk, one: RosterImport) -> QuerySet[RecordChange]:
    """What it did, record by record."""
    return RecordChange.objects.filter(roster_import_id=one.id).defer("before", "photo_before")


def history(desk: Desk, record: StudentRecord) -> QuerySet[RecordChange]:
    """What happened to a record that the desk was given by `record`."""
    return RecordChange.objects.filter(record_id=record.id).defer("before", "photo_before")


def photo(desk: Desk, record: StudentRecord) -> Photo:
    """The photo of such a record. Raises Http404."""
    return get_object_or_404(Photo, record=record)


def photographed(desk: Desk) -> QuerySet[Photo]:
    """The photos of the sitting, to ask which records have one."""
    return Photo.objects.filter(sitting=desk.sitting)


def conflicts(desk: Desk) -> QuerySet[RecordConflict]:
    """学籍冲突 of the desk: of its school or province on either side; a narrowed desk's students or claims only."""
    found = RecordConflict.objects.filter(sitting=desk.sitting).select_related("holder", "claimant")
    if desk.scope.everything:
        return found
    if desk.role != Role.COORDINATOR:
        own = schools(desk)
        return found.filter(Q(holder__in=own) | Q(claimant__in=own))
    school = desk.scope.school
    if desk.scope.whole:
        return found.filter(Q(holder=school) | Q(claimant=school))
    claimed = Q(claimant=school)
    if desk.scope.campuses:
        claimed &= Q(claim__campus_id__in=list(campuses(desk).values_list("code", flat=True)))
    if desk.scope.departments:
        claimed &= Q(claim__department__in=sorted(desk.scope.departments))
    return found.filter(Q(holder=school, record_id__in=records(desk).values("id")) | claimed)


def conflict(desk: Desk, conflict_id: uuid.UUID) -> RecordConflict:
    """One of them. Raises Http404."""
    return get_object_or_404(conflicts(desk), id=conflict_id)


def party(desk: Desk, one: RecordConflict) -> Party | None:
    """On which side of a conflict the desk stands. A province is above both schools only when both are its own."""
    if desk.role == Role.NATIONAL:
        return Party.OFFICE
    if desk.role == Role.PROVINCE:
        both = {one.holder.province_id, one.claimant.province_id}
        return Party.OFFICE if both <= desk.scope.provinces else None
    if desk.role != Role.COORDINATOR:
        return None
    return Party.HOLDER if one.holder_id == desk.scope.school else Party.CLAIMANT


def conflicted_records(desk: Desk, found: list[RecordConflict]) -> dict[uuid.UUID, StudentRecord]:
    """The records of conflicts that the desk was given, by id: also another school's while both sides have to agree.
    What becomes of it once that is settled is the school's that has it; and who claims is shown whom the own file
    names, so that a file of guessed numbers is no window into other rosters."""
    rows = StudentRecord.objects.in_bulk([one.record_id for one in found])
    own = set(records(desk).filter(id__in=rows).values_list("id", flat=True))
    return {
        one.record_id: rows[one.record_id]
        for one in found
        if one.record_id in own or (one.record_id in rows and _both_sides(desk, one, rows[one.record_id]))
    }


def contested_numbers(desk: Desk, found: list[RecordConflict]) -> dict[uuid.UUID, str]:
    """The ID numbers of open conflicts that the desk was given, masked, by record: both schools named them."""
    opened = [one.record_id for one in found if one.state == RecordConflict.State.OPEN]
    rows = StudentRecord.objects.filter(id__in=opened)
    return {record.id: masked_number(record.id_number) for record in rows if record.id_number}


def _both_sides(desk: Desk, one: RecordConflict, record: StudentRecord) -> bool:
    return one.state == RecordConflict.State.OPEN and (
        party(desk, one) != Party.CLAIMANT or one.claim["name_key"] == record.name_key
    )

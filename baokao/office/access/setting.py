"""What a coordinator sets for the own school (rule G6): the whole school by who has all of it, a campus by who has it.

Who is narrowed to departments looks and sets nothing; who is narrowed to campuses sets what is theirs.
"""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from baokao.exams.models import Campus, Contact, Notice, School, SittingSubject, WindowPiece
from baokao.office.access.places import campuses, schools
from baokao.office.desk import Desk


def own_school(desk: Desk) -> School:
    """The coordinator's school, to look at. Raises Http404."""
    return get_object_or_404(schools(desk), code=desk.scope.school)


def may_set_school(desk: Desk) -> bool:
    """Whether the desk has its whole school."""
    return bool(desk.scope.school) and desk.scope.whole


def school_to_set(desk: Desk) -> School:
    """The coordinator's school, to change. Raises Http404 for who has a part of it."""
    if not may_set_school(desk):
        raise Http404
    return own_school(desk)


def may_set_campuses(desk: Desk) -> bool:
    """Whether the desk sets anything of the campuses that it reaches."""
    return bool(desk.scope.school) and not desk.scope.departments


def campus_to_set(desk: Desk, code: str) -> Campus:
    """One of the desk's campuses, to change. Raises Http404."""
    if not may_set_campuses(desk):
        raise Http404
    return get_object_or_404(campuses(desk), code=code)


def pieces(desk: Desk) -> QuerySet[WindowPiece]:
    """What everybody who may has set of the windows at the desk's campuses in its sitting."""
    school = desk.scope.school
    return WindowPiece.objects.filter(
        Q(setter="national") | Q(province=school[:2]) | Q(school=school) | Q(campus__in=campuses(desk)),
        sitting=desk.sitting,
    )


def sitting_subjects(desk: Desk) -> QuerySet[SittingSubject]:
    """The subjects of the desk's sitting, in their order."""
    return SittingSubject.objects.filter(sitting=desk.sitting).select_related("subject").order_by("subject__position")


def contacts(desk: Desk) -> QuerySet[Contact]:
    """学校负责老师 of the desk's campuses."""
    return Contact.objects.filter(campus__in=campuses(desk))


def notice(desk: Desk) -> Notice | None:
    """学校通告 of the desk's school in its sitting."""
    return Notice.objects.filter(sitting=desk.sitting, school=desk.scope.school or None).first()

"""Reviews of the desk's own students: applications, their evidence, and the past scores that they name."""

import uuid

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from baokao.office.access.students import records
from baokao.office.desk import Desk
from baokao.passport.models import StaffAccount
from baokao.review.models import Application, Decision, Evidence
from baokao.roster.models import PastScore


def applications(desk: Desk) -> QuerySet[Application]:
    """The applications for the desk's students in its sitting, deleted ones included."""
    found = Application.objects.filter(sitting=desk.sitting)
    return found if desk.scope.everything else found.filter(record__in=records(desk))


def application(desk: Desk, application_id: uuid.UUID) -> Application:
    """One of them, with its record. Raises Http404."""
    rows = applications(desk).select_related("record__campus__school", "record__written_campus", "passport")
    return get_object_or_404(rows, id=application_id)


def decisions(desk: Desk) -> QuerySet[Decision]:
    """The decisions about the desk's applications."""
    return Decision.objects.filter(application__in=applications(desk))


def evidence(desk: Desk) -> QuerySet[Evidence]:
    """The pages of proof beside the desk's applications."""
    return Evidence.objects.filter(application__in=applications(desk))


def evidence_page(desk: Desk, evidence_id: uuid.UUID) -> Evidence:
    """One of them. Raises Http404."""
    return get_object_or_404(evidence(desk), id=evidence_id)


def named_score(desk: Desk, wanted: Application) -> PastScore | None:
    """The past score whose ticket number an application of the desk names. A candidate's was taken only because number
    or name agreed (rule E4); a school may type any for its student, and is shown no stranger's by it."""
    if not wanted.ticket_number or not applications(desk).filter(id=wanted.id).exists():
        return None
    found = PastScore.objects.filter(ticket_number=wanted.ticket_number)
    if wanted.passport_id is None:
        number = wanted.record.id_number
        found = found.filter(id_number_digest__in=PastScore.id_number.search(number) if number else [])
    return found.first()


def staff_names(actors: set[str]) -> dict[str, str]:
    """The names of staff, by what decisions and the log call them."""
    ids = {actor: uuid.UUID(actor.removeprefix("staff:")) for actor in actors if actor.startswith("staff:")}
    names = dict(StaffAccount.objects.filter(id__in=ids.values()).values_list("id", "name"))
    return {actor: names.get(staff, "") for actor, staff in ids.items()}

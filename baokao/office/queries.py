"""What the desk's first page shows."""

from dataclasses import dataclass

from django.db.models import Count, Q

from baokao.office import access
from baokao.office.desk import Desk
from baokao.registration.models import Entry, Registration


@dataclass(frozen=True)
class Figures:
    """How many of the desk's students stand in the roster and are registered, and how many entries are paid and not."""

    records: int
    registered: int
    paid: int
    unpaid: int


def figures(desk: Desk) -> Figures:
    """The figures of the desk's scope in its sitting, in three statements."""
    entries = access.entries(desk).aggregate(
        paid=Count("id", filter=Q(state=Entry.State.PAID)), unpaid=Count("id", filter=Q(state=Entry.State.UNPAID))
    )
    return Figures(
        records=access.records(desk).filter(removed_at__isnull=True).count(),
        registered=access.registrations(desk).filter(state=Registration.State.LIVE).count(),
        **entries,
    )

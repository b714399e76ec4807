"""Whom to remind: own candidates with something of their own to pay (rules G1, G5)."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.http import QueryDict

from baokao.core.words import left
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort
from baokao.registration.models import Entry, Registration
from baokao.registration.services.remind import AGAIN_AFTER

_BY_CLASS = ("record__department", "record__class_name", "record__student_no", "id")


def unpaid(desk: Desk, asked: QueryDict) -> Listing[Registration]:
    """The live registrations with unpaid entries whose clock runs: neither being paid nor held by a group."""
    due = Q(entries__state=Entry.State.UNPAID, entries__locked_by=None, entries__held_until__gt=desk.now)
    found = (
        access.registrations(desk)
        .filter(state=Registration.State.LIVE, id__in=_owing(desk))
        .annotate(due=Count("entries", filter=due), owed=Sum("entries__fee", filter=due))
        .annotate(ends_at=Min("entries__held_until", filter=due))
        .select_related("record")
    )
    again = Q(reminded_at=None) | Q(reminded_at__lte=desk.now - AGAIN_AFTER)
    return Listing(
        asked,
        found,
        search=_search,
        chips=[Chip("", "可提醒", again), Chip("reminded", "24小时内已提醒", ~again), Chip("all", "全部", Q())],
        sorts=[
            Sort("ends", "按到期时间", (F("ends_at").asc(), *_BY_CLASS)),  # type: ignore[arg-type]
            Sort("class", "按院系班级", _BY_CLASS),
        ],
    )


def _owing(desk: Desk) -> QuerySet[Any]:
    due = access.entries(desk).filter(state=Entry.State.UNPAID, locked_by=None, held_until__gt=desk.now)
    return due.values("registration")


def _search(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    return found.filter(Q(name__startswith=text) | Q(record__student_no__startswith=text))


def rows(listing: Listing[Registration], now: datetime) -> list[dict[str, Any]]:
    """The rows of the page; a box where a reminder may go out."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "record": one.record,
            "due": getattr(one, "due", 0),
            "owed": getattr(one, "owed", 0),
            "left": left(getattr(one, "ends_at", now), now),
            "reminded_at": one.reminded_at,
            "free": one.reminded_at is None or one.reminded_at <= now - AGAIN_AFTER,
        }
        for one in listing.rows
    ]

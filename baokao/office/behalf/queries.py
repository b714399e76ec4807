"""Whom to enter for, and what could be entered for one of them; each starts from the desk's own (rules C11, G1, G5)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict

from baokao.core.raw import rows
from baokao.core.verdict import Refused
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort
from baokao.registration import facts, rules, speaking, standing
from baokao.registration.models import Entry, Registration
from baokao.registration.queries.campuses import choices
from baokao.registration.queries.rows import errors, subject_row
from baokao.registration.rules import SubjectFacts
from baokao.registration.standing import Bound

_BY_CLASS = ("record__department", "record__class_name", "record__student_no", "id")
# What another campus wouldn't mend.
_WHEREVER = ("not_eligible", "restricted", "no_exam_date")


def registrations(desk: Desk, asked: QueryDict) -> Listing[Registration]:
    """The live registrations of the desk's students, by class."""
    found = access.registrations(desk).filter(state=Registration.State.LIVE).select_related("record")
    return Listing(
        asked,
        found.prefetch_related("entries"),
        search=_search,
        # Since when it is empty stands on the registration, and nothing while it holds an entry (rule B9).
        chips=[
            Chip("", "全部", Q()),
            Chip("empty", "未报考科目", Q(empty_since__isnull=False)),
            Chip("entered", "已报考", Q(empty_since=None)),
        ],
        sorts=[Sort("class", "按院系班级", _BY_CLASS), Sort("new", "最近保存的在前", ("-saved_at", "id"))],
    )


def _search(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    return found.filter(Q(name__startswith=text) | Q(record__student_no__startswith=text))


def codes(registration: Registration) -> list[str]:
    """The subjects that a registration of the list holds."""
    held = [entry for entry in registration.entries.all() if entry.state in Entry.LIVE]
    return sorted(entry.subject_id for entry in held)


def bound(desk: Desk, registration_id: Any) -> Bound:
    """The live registration of the desk's student. Raises Http404."""
    found = access.registration(desk, registration_id)
    own = standing.read(found.passport_id, found.sitting_id).bound
    if own is None or own.id != found.id:
        raise Http404
    return own


def page(
    own: Bound, ticked: Collection[str], places: Mapping[str, str], refused: Sequence[Refused], now: datetime
) -> dict[str, Any]:
    """Every subject of the candidate: held already, free to enter, or why not. `ticked` and `places` are what was just
    submitted and refused for `refused`."""
    who = facts.Who.of(own)
    found = facts.from_rows(rows(facts.STATEMENT, who.parameters("written", "speaking")), who)
    written = [one for one in found if one.kind == "written"]
    shown = [_written(one, ticked, refused, now) for one in written if one.eligible or one.entry]
    spoken = [one for one in found if one.kind == "speaking" and (one.eligible or one.entry)]
    return {
        "person": own,
        "written": shown,
        "others": [_written(one, (), (), now) for one in written if not (one.eligible or one.entry)],
        "speaking": [_speaking(one, own, places.get(one.code, ""), refused, now) for one in spoken],
        "errors": errors(refused, found),
    }


def _written(one: SubjectFacts, ticked: Collection[str], refused: Sequence[Refused], now: datetime) -> dict[str, Any]:
    reasons = [] if one.entry else rules.refusals(one, now)
    return subject_row(one, reasons, one.code in ticked, refused, now)


def _speaking(one: SubjectFacts, own: Bound, chosen: str, refused: Sequence[Refused], now: datetime) -> dict[str, Any]:
    """The subject with the campuses that are open now to this candidate; that its written one is entered too, or comes
    together with it, is asked when it is submitted (rule C7)."""
    asked = [] if one.entry else speaking.refusals(one, own.home, [], now)
    reasons = [refusal for refusal in asked if refusal.code in _WHEREVER]
    opened = [] if one.entry or reasons else choices(own, one.code, "", now)[0]
    row = subject_row(one, reasons, False, refused, now)
    return row | {"choices": opened, "chosen": chosen}

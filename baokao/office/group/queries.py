"""What the pages of group payment show; each starts from the desk's own (rules D8, G5)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.http import QueryDict

from baokao.core.words import left
from baokao.exams import queries as exams
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort
from baokao.payments import providers
from baokao.payments.models import Attempt, GroupPayment, Pick
from baokao.payments.words import BACK, SKIPS
from baokao.registration.models import Entry

_RECORD = "registration__record__"
_BY_CLASS = (
    f"{_RECORD}department", f"{_RECORD}class_name", f"{_RECORD}student_no", "registration", "subject__position", "id"
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """A choice of the picking page: its word in the address, its label, and the values that there are."""

    key: str
    label: str
    field: str
    options: Sequence[tuple[str, str]]
    chosen: str


class Picking(Listing[Entry]):
    """The list of unpaid entries, narrowed by the filters that the address names."""

    filters: Sequence[Filter] = ()

    def href(self, **changed: str | int) -> str:
        """As the list's own, with the filters kept."""
        return super().href(**({one.key: one.chosen for one in self.filters} | changed))


def pickable(desk: Desk, asked: QueryDict) -> Picking:
    """The unpaid entries of the desk's students, by class, as boxes to tick."""
    unpaid = access.entries(desk).filter(state=Entry.State.UNPAID)
    filters = [
        _filter(unpaid, asked, "department", "院系", f"{_RECORD}department"),
        _filter(unpaid, asked, "class", "班级", f"{_RECORD}class_name"),
        _filter(unpaid, asked, "subject", "科目", "subject_id"),
        _filter(unpaid, asked, "campus", "报名校区", "offering__campus_id"),
    ]
    kept = unpaid.filter(**{one.field: one.chosen for one in filters if one.chosen})
    rows = kept.select_related("registration__record", "subject", "offering__campus")
    free = Q(lock="", held_until__gt=desk.now)
    listing = Picking(
        asked,
        rows,
        search=_search,
        chips=[
            Chip("", "可加入", free),
            Chip("paying", "考生支付中", Q(lock=Entry.Lock.PAYMENT)),
            Chip("locked", "已被集体缴费锁定", Q(lock=Entry.Lock.GROUP)),
        ],
        sorts=[Sort("class", "按院系班级", _BY_CLASS), Sort("ends", "按到期时间", ("held_until", *_BY_CLASS))],
    )
    listing.filters = filters
    return listing


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By the beginning of the student's name or number; ID numbers never stand in an address (rule H2)."""
    return rows.filter(Q(registration__name__startswith=text) | Q(registration__record__student_no__startswith=text))


def _filter(unpaid: QuerySet[Entry], asked: QueryDict, key: str, label: str, field: str) -> Filter:
    values = [value for value in unpaid.order_by(field).values_list(field, flat=True).distinct() if value]
    names = exams.subject_names() if key == "subject" else {}
    options = [(value, f"({value}) {names[value]}" if value in names else value) for value in values]
    chosen = asked.get(key, "")
    return Filter(key, label, field, options, chosen if chosen in values else "")


def rows_to_pick(listing: Picking, now: datetime) -> list[dict[str, Any]]:
    """The rows of the page; a box only where an entry can be picked."""
    return [
        _student(one.registration)
        | {
            "id": one.id,
            "subject": f"({one.subject_id}) {one.subject.name}",
            "campus": one.offering.campus.name,
            "fee": one.fee,
            "ends_at": one.held_until,
            "left": left(one.held_until, now),
            "lock": Entry.Lock(one.lock).label if one.lock else "",
            "free": not one.lock and one.held_until > now,
        }
        for one in listing.rows
    ]


def by_numbers(desk: Desk, numbers: Sequence[str]) -> tuple[list[uuid.UUID], list[str]]:
    """The unpaid, unlocked entries of the students with these numbers, and the numbers that have none."""
    free = access.entries(desk).filter(state=Entry.State.UNPAID, lock="", held_until__gt=desk.now)
    found = list(free.filter(registration__record__student_no__in=numbers).values_list("id", _RECORD + "student_no"))
    having = {number for _, number in found}
    return [entry for entry, _ in found], [number for number in numbers if number not in having]


def _student(registration: Any) -> dict[str, Any]:
    record = registration.record
    return {
        "name": registration.name,
        "student_no": record.student_no,
        "department": record.department,
        "class_name": record.class_name,
    }


# The list of groups


def groups(desk: Desk, asked: QueryDict) -> Listing[GroupPayment]:
    """The school's group payments with what is on their lists."""
    on_list = Q(picks__released_at=None)
    found = access.groups(desk).annotate(
        entries=Count("picks", filter=on_list),
        people=Count("picks__registration", filter=on_list, distinct=True),
        total=Sum("picks__amount", filter=on_list),
    )
    states = GroupPayment.State
    return Listing(
        asked,
        found,
        search=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(made_by_name__startswith=text)),
        chips=[Chip("", "全部", Q())] + [Chip(state, states(state).label, Q(state=state)) for state in states],
        sorts=[Sort("new", "最近的在前", ("-made_at", "id")), Sort("name", "按名称", ("name", "id"))],
        size=30,
    )


# One group

WAITING = Q(released_at=None, ends_at=None, paid_at=None, skipped="")
SKIPPED = Q(released_at=None, ends_at=None, paid_at=None) & ~Q(skipped="")
HELD = Q(ends_at__isnull=False)
PAID = Q(paid_at__isnull=False)
BACK_TO_SCHOOL = ~Q(back="")
ON_LIST = Q(released_at=None, paid_at=None)


def picked(desk: Desk, group: GroupPayment, asked: QueryDict) -> Listing[Pick]:
    """What is and was on the list of a group, each with what became of it."""
    rows = access.picks(desk, group.id).select_related("registration__record", "subject", "entry")
    chips = [
        Chip("", "全部", Q()),
        Chip("waiting", "待锁定", WAITING),
        Chip("skipped", "未能锁定", SKIPPED),
        Chip("held", "已锁定", HELD),
        Chip("paid", "已缴费", PAID),
        Chip("back", "款项退回", BACK_TO_SCHOOL),
        Chip("released", "已移出", Q(released_at__isnull=False)),
    ]
    sorts = [Sort("class", "按院系班级", _BY_CLASS), Sort("ends", "按锁定截止", ("ends_at", *_BY_CLASS))]
    return Listing(asked, rows, search=_search, chips=chips, sorts=sorts)


def result_rows(listing: Listing[Pick]) -> list[dict[str, Any]]:
    """Each row with its state in words and a tone: what became of every student's entry."""
    return [
        _student(one.registration)
        | {
            "id": one.id,
            "subject": f"({one.subject_id}) {one.subject.name}",
            "fee": one.amount,
            "ends_at": one.ends_at,
            "can_leave": one.released_at is None and one.paid_at is None,
        }
        | dict(zip(("tone", "text", "why"), _standing(one), strict=True))
        for one in listing.rows
    ]


def _standing(pick: Any) -> tuple[str, str, str]:
    back = BACK[pick.back] if pick.back else ""
    if pick.paid_at:
        return "done", "已缴费", back
    if back:
        return "info", "款项退回", back
    if pick.released_at:
        return "info", "已移出", ""
    if pick.ends_at and pick.entry.state == Entry.State.PAID:
        return "done", "已由考生支付", ""
    if pick.ends_at:
        return "soon", "已锁定", ""
    return ("bad", "未能锁定", SKIPS[pick.skipped]) if pick.skipped else ("info", "待锁定", "")


def sums(desk: Desk, group: GroupPayment) -> dict[str, Any]:
    """How many entries and people are waiting, held and paid, and what they cost; until when the locks last."""
    held = HELD & Q(entry__locked_by=F("group_id"))
    waiting = WAITING | SKIPPED
    found = access.picks(desk, group.id).aggregate(
        waiting=Count("id", filter=waiting),
        waiting_sum=Sum("amount", filter=waiting),
        held=Count("id", filter=held),
        held_people=Count("registration", filter=held, distinct=True),
        held_sum=Sum("amount", filter=held),
        paid=Count("id", filter=PAID),
        paid_people=Count("registration", filter=PAID, distinct=True),
        paid_sum=Sum("amount", filter=PAID),
        back=Count("id", filter=BACK_TO_SCHOOL),
        ends_at=Min("ends_at", filter=held),
        last_paid=Max("paid_at"),
    )
    return {key: Decimal(0) if value is None and key.endswith("_sum") else value for key, value in found.items()}


def attempts(desk: Desk, group: GroupPayment, now: datetime) -> list[dict[str, Any]]:
    """The latest attempts at paying a group, as the page shows them; the first is the newest."""
    found = access.group_attempts(desk, group.id).annotate(
        back=Sum("settlement__refunds__amount"),
        back_open=Count("settlement__refunds", filter=~Q(settlement__refunds__state="done")),
    )
    return [
        {
            "number": one.number,
            "provider": providers.NAMES[one.provider],
            "amount": one.amount,
            "state": one.state,
            "state_text": Attempt.State(one.state).label,
            "started_at": one.started_at,
            "expires_at": one.expires_at,
            "waited": left(now, one.started_at) or "不到 1 分",
            "back": one.back or Decimal(0),
            "back_open": one.back_open,
        }
        for one in found[:5]
    ]

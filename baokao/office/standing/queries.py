"""What the pages of where things stand show, each in a constant number of statements."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import F, FilteredRelation, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import QueryDict

from baokao.core.words import left, masked_number
from baokao.core.zone import SHANGHAI, local
from baokao.exams import queries as exams
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort
from baokao.office.standing import groups
from baokao.registration.models import Entry
from baokao.roster.models import StudentRecord

_BY_CLASS = ("campus_id", "department", "major", "grade", "class_name", "student_no", "id")
_SORTS = [
    Sort("class", "按院系班级", _BY_CLASS),
    Sort("number", "按学号", ("student_no", "id")),
    Sort("due", "按到期时间", ("due", *_BY_CLASS)),
    Sort("saved", "按报名时间", ("saved_at", *_BY_CLASS)),
]
_HAS_NONE = Q(unpaid=0, paid=0)


def chips(now: datetime) -> list[Chip]:
    """How a student can stand. 未报名 and 空报名 are whom a coordinator calls first."""
    return [
        Chip("", "全部", Q()),
        Chip("missing", "未报名", Q(bound__isnull=True)),
        Chip("empty", "已保存未报考", Q(bound__isnull=False) & _HAS_NONE),
        Chip("unpaid", "未支付", Q(unpaid__gt=0, paid=0)),
        Chip("partly", "部分支付", Q(unpaid__gt=0, paid__gt=0)),
        Chip("complete", "全部支付", Q(unpaid=0, paid__gt=0)),
        Chip("expiring", "今日到期", Q(due__lt=groups.day_end(now))),
        Chip("locked", "集体缴费锁定", Q(locked__gt=0)),
        Chip("removed", "已移出学籍库", Q(removed_at__isnull=False)),
    ]


def stood(desk: Desk) -> QuerySet[StudentRecord]:
    """The desk's students with how they stand: `bound` the live registration, and its entries counted by state."""
    rows = access.records(desk).annotate(
        live=FilteredRelation("registration", condition=Q(registration__state="live")),
        bound=F("live__id"),
        saved_at=F("live__saved_at"),
        unpaid=CountOf("live__entries", filter=Q(live__entries__state="unpaid")),
        paid=CountOf("live__entries", filter=Q(live__entries__state="paid")),
        locked=CountOf("live__entries", filter=Q(live__entries__lock="group")),
        due=Min(
            "live__entries__held_until",
            filter=Q(live__entries__state="unpaid", live__entries__locked_by__isnull=True),
        ),
        owed=Sum("live__entries__fee", filter=Q(live__entries__state="unpaid"), default=Decimal(0)),
    )
    return rows.filter(Q(removed_at__isnull=True) | Q(bound__isnull=False))


def search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By name, the beginning of the student number, or a part of department, major or class. Words narrow each other.

    Never by ID number: what is searched for stands in the address (rule H2); `/office/accounts/` takes it in a form.
    """
    for word in text.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(student_no__startswith=word)
            | Q(department__icontains=word)
            | Q(major__icontains=word)
            | Q(class_name=word)
            | Q(class_name=word.removesuffix("班"))
        )
    return rows


def candidates(desk: Desk, asked: QueryDict) -> Listing[StudentRecord]:
    """The list of the desk's students as the address asks for it."""
    return Listing(asked, stood(desk), search=search, chips=chips(desk.now), sorts=_SORTS)


@dataclass(frozen=True)
class Shown:
    """A student as lists and files show one. `held` are the live entries' subjects, each with its state."""

    record: Any
    held: tuple[tuple[str, str], ...]
    now: datetime

    @property
    def state(self) -> tuple[str, str]:
        """The state's words and tone."""
        row = self.record
        if row.bound is None:
            return "未报名", ""
        if not row.unpaid and not row.paid:
            return "已保存未报考", "soon"
        if not row.unpaid:
            return "全部支付", "done"
        return ("部分支付" if row.paid else "未支付"), "soon"

    @property
    def number(self) -> str:
        return masked_number(self.record.id_number)

    @property
    def subjects(self) -> str:
        return "".join(code for code, _ in self.held)

    @property
    def left(self) -> str:
        """What is left until the first unpaid entry goes."""
        return left(self.record.due, self.now) if self.record.due else ""

    @property
    def class_label(self) -> str:
        row = self.record
        return groups.class_label(("", "", row.major, row.grade, row.class_name))


def shown(desk: Desk, rows: Iterable[StudentRecord]) -> list[Shown]:
    """The rows with their entries, which are read in one statement."""
    rows = list(rows)
    bound = [row.bound for row in rows if row.bound]  # type: ignore[attr-defined]
    found: dict[Any, list[tuple[str, str]]] = {}
    entries = access.entries(desk).filter(registration__in=bound, state__in=Entry.LIVE).order_by("subject__position")
    for registration, subject, state in entries.values_list("registration_id", "subject_id", "state"):
        found.setdefault(registration, []).append((subject, state))
    return [Shown(row, tuple(found.get(row.bound, ())), desk.now) for row in rows]  # type: ignore[attr-defined]


def by_subject(desk: Desk) -> list[dict[str, Any]]:
    """Entries by subject: how many, and how many are paid."""
    found: dict[str, Counter[str]] = {}
    entries = access.entries(desk).filter(state__in=Entry.LIVE).order_by()
    for subject, state, number in entries.values_list("subject_id", "state").annotate(number=CountOf("id")):
        found.setdefault(subject, Counter())[state] = number
    return [
        {"label": f"({code}) {name}", "paid": found[code]["paid"], "unpaid": found[code]["unpaid"],
         "all": found[code].total()}
        for code, name in exams.subject_names().items() if code in found
    ]  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A day of the drawing: what was made and paid up to its end, of what is live now."""

    day: date
    all: int
    paid: int


def over_time(desk: Desk) -> list[Day]:
    """报考 and 支付 day by day, added up: entries that are live now, by when they were made and when they were paid."""
    entries = access.entries(desk).filter(state__in=Entry.LIVE).order_by()
    made = _by_day(entries, "made_at")
    paid = _by_day(entries.filter(state="paid", allotment__refund__isnull=True), "allotment__settlement__settled_at")
    if not made:
        return []
    # A paid entry without a payment of ours, as in made-up data, counts on the day it was made.
    total = entries.filter(state="paid").count()
    # The line begins with nothing, on the day before the first.
    first, last = min(made) - timedelta(days=1), max(*made, *paid, local(desk.now).date())
    found, all_, paid_ = [], 0, max(0, total - sum(paid.values()))
    day = first
    while day <= last:
        all_ += made.get(day, 0)
        paid_ += paid.get(day, 0)
        found.append(Day(day, all_, min(paid_, all_)))
        day += timedelta(days=1)
    return found


def _by_day(entries: QuerySet[Entry], moment: str) -> dict[date, int]:
    days = entries.annotate(day=TruncDate(moment, tzinfo=SHANGHAI)).filter(day__isnull=False)
    return dict(days.values_list("day").annotate(number=CountOf("id", distinct=True)))

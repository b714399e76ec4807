"""Who holds the desk's students' records, and what a page tells of it; each starts from the desk's (rules B10, G1)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from baokao.core.verdict import Refused
from baokao.core.words import masked_address, masked_number
from baokao.exams.models import Sitting
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort
from baokao.passport.models import Passport
from baokao.registration.models import Entry, Registration
from baokao.registration.services import refusals
from baokao.roster.models import StudentRecord
from baokao.roster.rules import name_key, number_key

_LIVE = Q(state=Registration.State.LIVE)
_BY_CLASS = ("record__department", "record__class_name", "record__student_no", "id")


def registrations(desk: Desk, asked: QueryDict) -> Listing[Registration]:
    """The live registrations of the desk's students and the released ones, by class."""
    paid = access.entries(desk).filter(registration=OuterRef("pk"), state=Entry.State.PAID)
    rows = access.registrations(desk).filter(state__in=[Registration.State.LIVE, Registration.State.RELEASED])
    return Listing(
        asked,
        rows.select_related("record", "passport").annotate(paid=Exists(paid)),
        search=_search,
        chips=[
            Chip("", "全部", _LIVE),
            Chip("unpaid", "没有已支付科目", _LIVE & Q(paid=False)),
            Chip("paid", "有已支付科目", _LIVE & Q(paid=True)),
            Chip("released", "已释放", ~_LIVE),
        ],
        sorts=[Sort("", "按院系班级", _BY_CLASS), Sort("new", "最近保存的在前", ("-saved_at", "id"))],
    )


def _search(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    return found.filter(Q(record__name_key__startswith=name_key(text) or text) | Q(record__student_no__startswith=text))


def by_number(desk: Desk, number: str) -> StudentRecord | None:
    """The desk's student with this whole ID number or student number; who stands in the roster comes first."""
    digests = StudentRecord.id_number.search(number_key(number))
    found = access.records(desk).filter(Q(id_number_digest__in=digests) | Q(student_no=number))
    return min(found.order_by("id"), key=lambda record: record.removed_at is not None, default=None)


def held(desk: Desk, record: StudentRecord) -> Registration | None:
    """The live registration by which a passport holds the student's record."""
    return access.registrations(desk).filter(_LIVE, record=record).first()


def account_masked(passport: Passport) -> str:
    """Its address, masked; an account that has ended has none any more (rule H5)."""
    return masked_address(passport.account) if passport.ended_at is None else "已注销的账号"


@dataclass(frozen=True)
class Agreement:
    """Whether what the holder's passport says of its owner is what the roster says of the student."""

    label: str
    text: str
    tone: str


def agreements(registration: Registration) -> list[Agreement]:
    """Name and ID number; neither the passport's own words nor its number are told."""
    passport, record = registration.passport, registration.record
    return [
        _agreement("姓名", name_key(passport.name), record.name_key),
        _agreement("证件号码", number_key(passport.id_number), number_key(record.id_number)),
    ]


def _agreement(label: str, stated: str, known: str) -> Agreement:
    if not stated:
        return Agreement(label, "未填写", "info")
    return Agreement(label, "一致", "done") if stated == known else Agreement(label, "不一致", "bad")


def page(desk: Desk, registration: Registration) -> dict[str, Any]:
    """One registration: whose record, who holds it, and what stands in the way of releasing it."""
    record = registration.record
    entries = list(
        access.entries(desk)
        .filter(registration=registration, state__in=Entry.LIVE)
        .select_related("subject")
        .order_by("subject__position")
    )
    release = access.releases(desk).filter(registration=registration).first()
    return {
        "registration": registration,
        "record": record,
        "live": registration.state == Registration.State.LIVE,
        "number_masked": masked_number(record.id_number) if record.id_number else "—",
        "photographed": access.photographed(desk).filter(record=record).exists(),
        "account_masked": account_masked(registration.passport),
        "verified": registration.passport.verified_at is not None,
        "agreements": agreements(registration),
        "entries": entries,
        "paid": any(entry.state == Entry.State.PAID for entry in entries),
        "hindrance": _hindrance(desk, entries),
        "release": release,
        "proofs": range(1, len(release.pages) + 1) if release else (),
        "own_masked": account_masked(release.passport) if release else "",
    }


def _hindrance(desk: Desk, entries: list[Entry]) -> Refused | None:
    """What the service would refuse with, said before anything is typed."""
    locks = {entry.lock for entry in entries}
    if desk.sitting.state != Sitting.State.OPEN:
        return refusals.CLOSED
    if any(entry.state == Entry.State.PAID for entry in entries):
        return refusals.HAS_PAID
    if Entry.Lock.PAYMENT in locks:
        return refusals.BEING_PAID
    return refusals.GROUP_HOLDS if Entry.Lock.GROUP in locks else None

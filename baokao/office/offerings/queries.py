"""What the pages about offerings show, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from baokao.exams import piecing
from baokao.exams.models import Campus, Offering, Subject, WindowPiece
from baokao.exams.piecing import Effect
from baokao.exams.rules import SETTERS, Piece, light
from baokao.exams.services.school.turn import frozen
from baokao.exams.services.school.windows import piece_of
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort

SETTER_NAMES = {"national": "教育部考试中心", "province": "省级承办机构", "school": "本校", "campus": "本校区"}
KINDS = dict(Subject.Kind.choices)
# What a drawing has room for.
_DRAWN_CAMPUSES = 12

_CHIPS = [
    Chip("", "全部", Q()),
    Chip("written", "笔试", Q(subject__kind="written")),
    Chip("speaking", "口试", Q(subject__kind="speaking")),
    Chip("low", "紧张", Q(taken__lt=F("capacity"), capacity__lt=F("taken") * 2)),
    Chip("full", "已满", Q(taken__gte=F("capacity"))),
    Chip("above", "已占超过容量", Q(taken__gt=F("target"))),
    Chip("unpriced", "未设费用", Q(fee__isnull=True)),
]
_SORTS = [
    Sort("campus", "按校区", ("campus_id", "subject__position")),
    Sort("subject", "按科目", ("subject__position", "campus_id")),
    Sort("taken", "按已占从多到少", ("-taken", "campus_id", "subject__position")),
]


class Windows:
    """All pieces that concern the desk's campuses, read once."""

    def __init__(self, rows: Iterable[WindowPiece]) -> None:
        self._found: dict[tuple[str, str, str], list[Piece]] = defaultdict(list)
        for row in rows:
            place = str(row.campus_id or row.school_id or "")
            self._found[place, row.kind, str(row.subject_id or "")].append(piece_of(row))

    @classmethod
    def of(cls, desk: Desk) -> "Windows":
        return cls(access.pieces(desk))

    def own(self, place: str, kind: str, subject: str = "") -> list[Piece]:
        """What this school or campus itself set for the subject, or without one for all of the kind."""
        return self._found.get((place, kind, subject), [])

    def at(self, place: str, kind: str, subject: str = "") -> list[Piece]:
        """All pieces that hold at a campus, or throughout a school, for a subject or for all of a kind."""
        places = {"", place[:5], place}
        subjects = {"", subject}
        return [
            piece
            for (where, of_kind, about), pieces in self._found.items()
            if where in places and of_kind == kind and about in subjects
            for piece in pieces
        ]

    def layers(self, place: str, kind: str, subject: str = "") -> list[tuple[str, list[Piece]]]:
        """Who set what, from the top: name and pieces, also where none are set."""
        found = self.at(place, kind, subject)
        setters = SETTERS[: SETTERS.index(setter_of(place)) + 1]
        return [(SETTER_NAMES[setter], sorted_pieces(found, setter)) for setter in setters]

    def effects(self, offering: Offering) -> list[Effect]:
        """When the offering is open in the end, and for whom."""
        subject = offering.subject
        return piecing.effects(
            self.at(offering.campus_id, subject.kind, subject.code), offering.campus_id[:5], subject.kind
        )


def setter_of(place: str) -> str:
    """Who sets at a place: a school's code has five digits and a campus's six."""
    return "campus" if len(place) > 5 else "school"


def sorted_pieces(pieces: Iterable[Piece], setter: str) -> list[Piece]:
    """One setter's pieces in order of time."""
    return sorted((piece for piece in pieces if piece.setter == setter), key=lambda piece: piece.opens_at)


def search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By a campus's code or name, or a subject's name."""
    return rows.filter(
        Q(campus__code__startswith=text) | Q(campus__name__icontains=text) | Q(subject__name__icontains=text)
    )


def offerings_page(desk: Desk, asked: QueryDict) -> dict[str, Any]:
    """The list, the drawing over all campuses, and what stands above."""
    rows = access.offerings(desk).filter(offered=True).select_related("campus", "subject")
    listing = Listing(asked, rows, search=search, chips=_CHIPS, sorts=_SORTS)
    windows = Windows.of(desk)
    school = desk.scope.school
    return {
        "listing": listing,
        "rows": [
            {
                "offering": row,
                "light": light(row.capacity, row.taken),
                "free": max(0, row.capacity - row.taken),
                "effects": windows.effects(row),
            }
            for row in listing.rows
        ],
        "heat": heat(list(access.campuses(desk)), list(rows)),
        "layers": [(kind, name, windows.layers(school, kind)) for kind, name in KINDS.items()],
        "school": school,
        "may_set_school": access.may_set_school(desk),
        "may_set": access.may_set_campuses(desk),
        "frozen": freeze_of(desk),
    }


@dataclass(frozen=True)
class Cell:
    """A field of the drawing: how much is free, None where the campus doesn't offer the subject."""

    subject: str
    share: float | None
    level: str = ""

    @property
    def percent(self) -> str:
        """`38%`; a little that is free never reads 0, nor nearly all 100."""
        share = self.share or 0
        return f"{min(99, max(1, round(share * 100))) if 0 < share < 1 else round(share * 100)}%"


def heat(campuses: Sequence[Campus], offerings: Sequence[Offering]) -> dict[str, Any]:
    """校区剩余容量: campus by subject, the subjects that any campus offers."""
    by_place = {(row.campus_id, row.subject_id): row for row in offerings}
    subjects = sorted({row.subject for row in offerings}, key=lambda subject: subject.position)
    rows = []
    for campus in campuses[:_DRAWN_CAMPUSES]:
        cells = []
        for subject in subjects:
            row = by_place.get((campus.code, subject.code))
            share = None if row is None else (row.capacity - row.taken) / row.capacity if row.capacity else 0.0
            cells.append(Cell(subject.code, share, str(light(row.capacity, row.taken)) if row else ""))
        rows.append((campus, cells))
    full = [f"{campus.name}{row.subject.name}" for campus in campuses for row in offerings
            if row.campus_id == campus.code and row.taken >= row.capacity]  # fmt: skip
    return {
        "subjects": subjects,
        "rows": rows,
        "left_out": max(0, len(campuses) - _DRAWN_CAMPUSES),
        "told": f"已报满：{'、'.join(full)}" if full else "没有科目报满",
    }


def campus_page(desk: Desk, campus: Campus, standing: dict[str, Offering]) -> dict[str, Any]:
    """A row a subject of the sitting, with what stands and when it is open."""
    windows = Windows.of(desk)
    rows = []
    for one in access.sitting_subjects(desk):
        subject, offering = one.subject, standing.get(one.subject_id)
        here = offering if offering is not None and offering.offered else None
        rows.append(
            {
                "subject": subject,
                "exam_on": one.exam_on,
                "offering": here,
                "light": light(here.capacity, here.taken) if here else None,
                "effects": windows.effects(here) if here else [],
            }
        )
    return {"campus": campus, "subject_rows": rows, "frozen": freeze_of(desk), "kinds": list(KINDS.items())}


def window_page(desk: Desk, place: str, kind: str, subject: Subject | None, own: Sequence[Piece]) -> dict[str, Any]:
    """What stands above a window, what of `own` is cut off there, and what holds in the end."""
    windows = Windows.of(desk)
    code = subject.code if subject else ""
    setter = setter_of(place)
    everything = windows.at(place, kind, code)
    higher = piecing.above(everything, setter)
    beside = windows.own(place, kind) if subject else []
    return {
        "layers": windows.layers(place, kind, code)[: SETTERS.index(setter)],
        "beside": beside,
        "kind_name": KINDS[kind],
        "cuts": piecing.cuts(own, higher, place[:5], kind),
        "effects": piecing.effects(everything, place[:5], kind),
        "frozen": freeze_of(desk),
    }


def freeze_of(desk: Desk) -> Any:
    """The freeze of the school's settings, if there is one (rule G6)."""
    return frozen(desk.scope.school, desk.sitting.code, "settings") if desk.scope.school else None

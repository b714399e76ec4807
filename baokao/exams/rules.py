"""Pure rules of offerings: the lights of rule C9 and the windows of rule C13."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SETTERS = ("national", "province", "school", "campus")
CAPACITY_AT_MOST = 1_000_000
# How long what was entered can still be paid after the closing, unless the setter says otherwise (rule C12).
PAYABLE_AFTER_CLOSING = timedelta(hours=24)


class Light(StrEnum):
    """What a candidate sees of the remaining capacity: 有, 紧张 or 无, never the number."""

    OK = "ok"
    LOW = "low"
    NONE = "none"


def light(capacity: int, taken: int) -> Light:
    """Green with at least half free, yellow with less, red with none (rule C9)."""
    free = capacity - taken
    if free <= 0:
        return Light.NONE
    return Light.OK if free * 2 >= capacity else Light.LOW


@dataclass(frozen=True)
class Person:
    """What of a person decides whether a piece is for them."""

    school: str
    grade: str = ""
    degree: str = ""


@dataclass(frozen=True)
class Piece:
    """A piece of a window: who set it, from when until when, until when what was entered can be paid, for whom."""

    setter: str
    opens_at: datetime
    closes_at: datetime
    pay_until: datetime
    group: str = "everyone"
    group_value: str = ""

    def is_for(self, person: Person, school: str) -> bool:
        """Whether the person belongs to the group, at an offering of that school."""
        match self.group:
            case "everyone":
                return True
            case "own":
                return person.school == school
            case "grade":
                return person.grade == self.group_value
            case "degree":
                return person.degree == self.group_value
        return False


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time in which entering is open: the opening second is in it, the closing second isn't (rule H1)."""

    opens_at: datetime
    closes_at: datetime
    pay_until: datetime

    def holds(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def window(pieces: Iterable[Piece], person: Person, school: str) -> list[Span]:
    """The window of a person at an offering: the intersection of what each setter set, in order of time (rule C13).

    A setter that set no piece at all stands in nobody's way; one that set pieces, none of which is for this person,
    leaves the window empty, and so does nobody having set anything.
    """
    spans: list[Span] | None = None
    by_setter: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_setter.setdefault(piece.setter, []).append(piece)
    for setter in SETTERS:
        if setter not in by_setter:
            continue
        own = [
            Span(piece.opens_at, piece.closes_at, piece.pay_until)
            for piece in by_setter[setter]
            if piece.is_for(person, school)
        ]
        spans = own if spans is None else _intersect(spans, own)
    return sorted(spans or [])


def _intersect(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    both = []
    for one in some:
        for other in others:
            opens_at = max(one.opens_at, other.opens_at)
            closes_at = min(one.closes_at, other.closes_at)
            if opens_at < closes_at:
                # Neither setter's pay-until may be passed.
                both.append(Span(opens_at, closes_at, min(one.pay_until, other.pay_until)))
    return both


def open_span(spans: Iterable[Span], now: datetime) -> Span | None:
    """The span that is open now; of overlapping ones the one that lasts longest."""
    return max((span for span in spans if span.holds(now)), key=lambda span: span.closes_at, default=None)


def open_since(spans: Sequence[Span], now: datetime) -> datetime:
    """Since when entering has been open without a pause: spans that overlap or touch are one stretch (rule H1)."""
    since = now
    while earlier := [span.opens_at for span in spans if span.opens_at < since <= span.closes_at]:
        since = min(earlier)
    return since


def next_span(spans: Iterable[Span], now: datetime) -> Span | None:
    """The first span that has yet to open."""
    return min((span for span in spans if span.opens_at > now), key=lambda span: span.opens_at, default=None)


def last_closing(spans: Iterable[Span]) -> datetime | None:
    """The closing time of the latest span; meant for when none is open or to come."""
    return max((span.closes_at for span in spans), default=None)

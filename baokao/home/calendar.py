"""The timeline of a sitting, pure: where each stretch of it lies, in percent of the days that are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from baokao.core.zone import SHANGHAI, local

# Days drawn before the first date and after the last.
_BEFORE, _AFTER = 2, 7
# A single day must stay visible on a phone.
_NARROWEST = 1.1
# Below this share of the width, the first month's name would run into the next one's.
_ROOM_FOR_A_MONTH = 8.0


@dataclass(frozen=True)
class Stretch:
    """What is drawn as one row: from a moment until a moment, with the words beside it.

    A `full` one is drawn filled: it is a time in which something must be done, not only may be.
    """

    title: str
    note: str
    begins: datetime
    ends: datetime
    full: bool = False


@dataclass(frozen=True)
class Row:
    """A stretch with its place: `x`, `width` and `text_x` in percent; `state` is past, now or ahead."""

    title: str
    note: str
    full: bool
    state: str
    x: float
    width: float
    text: str
    text_x: float
    text_first: bool


@dataclass(frozen=True)
class Calendar:
    """All rows on one scale, with the first day of each month and today, as percentages; today None if not in it."""

    year: str
    months: tuple[tuple[float, str], ...]
    today: float | None
    rows: tuple[Row, ...]


def calendar(stretches: Sequence[Stretch], now: datetime) -> Calendar | None:
    """The timeline of these stretches, earliest first; None if there are none."""
    if not stretches:
        return None
    ordered = sorted(stretches, key=lambda one: one.begins)
    scale = _Scale(
        local(ordered[0].begins).date() - timedelta(days=_BEFORE),
        local(max(one.ends for one in ordered)).date() + timedelta(days=_AFTER),
    )
    # Whole hours, so that the page's bytes stay the same in between.
    hour = local(now).replace(minute=0, second=0, microsecond=0)
    return Calendar(
        year=f"{scale.first.year}年",
        months=tuple(_months(scale)),
        today=scale.at(hour) if scale.holds(hour) else None,
        rows=tuple(_row(one, scale, now) for one in ordered),
    )


def midnight(day: date) -> datetime:
    """The moment in which a day begins here."""
    return datetime.combine(day, time(), SHANGHAI)


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def at(self, moment: datetime) -> float:
        """How far along the drawn days a moment lies, 0 to 100."""
        begin, end = midnight(self.first), midnight(self.last)
        return round(min(max((moment - begin) / (end - begin), 0.0), 1.0) * 100, 2)

    def holds(self, moment: datetime) -> bool:
        return midnight(self.first) <= moment < midnight(self.last)


def _months(scale: _Scale) -> list[tuple[float, str]]:
    firsts = []
    year, month = scale.first.year, scale.first.month
    while (following := date(year + month // 12, month % 12 + 1, 1)) < scale.last:
        year, month = following.year, following.month
        name = f"{year}年{month}月" if month == 1 else f"{month}月"
        firsts.append((scale.at(midnight(following)), name))
    if not firsts or firsts[0][0] >= _ROOM_FOR_A_MONTH:
        firsts.insert(0, (0.0, f"{scale.first.month}月"))
    return firsts


def _row(one: Stretch, scale: _Scale, now: datetime) -> Row:
    x = scale.at(one.begins)
    width = max(round(scale.at(one.ends) - x, 2), _NARROWEST)
    state = "past" if one.ends <= now else "now" if one.begins <= now else "ahead"
    # The words stand on the side that has more room.
    text_first = x + width / 2 > 50
    text_x = x if text_first else round(x + width, 2)
    return Row(one.title, one.note, one.full, state, x, width, _text(one, state, now), text_x, text_first)


def _text(one: Stretch, state: str, now: datetime) -> str:
    today = local(now).date()
    if state == "past":
        return "已结束"
    if state == "ahead":
        days = (local(one.begins).date() - today).days
        return f"{days} 天后" if days else "今天开始"
    # A stretch of whole days ends with the midnight after its last one.
    days = (local(one.ends - timedelta(seconds=1)).date() - today).days
    return f"还剩 {days} 天" if days else "今天结束"

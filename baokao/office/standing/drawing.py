"""Where lines and words of a drawing stand; the macros of `office/drawings.html` draw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log10

from baokao.office.standing.queries import Day

LEFT, RIGHT, TOP, BOTTOM = 44.0, 430.0, 16.0, 128.0
_MOST_DATES = 5


@dataclass(frozen=True)
class Timeline:
    """A line a series, as the `points` of a polyline; ticks as where and what."""

    all: str
    paid: str
    area: str
    levels: tuple[tuple[float, int], ...]
    dates: tuple[tuple[float, str, str], ...]
    last: Day
    end: tuple[float, float, float]


def timeline(days: Sequence[Day]) -> Timeline | None:
    """报考 and 支付 over time; None while there is nothing to draw."""
    if not days:
        return None
    top = _round_up(max(day.all for day in days))
    points = [(_x(n, len(days)), _y(day.all, top), _y(day.paid, top)) for n, day in enumerate(days)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    x0, x1 = points[0][0], points[-1][0]
    return Timeline(
        all=line,
        paid=" ".join(f"{x:.1f},{y:.1f}" for x, _, y in points),
        area=f"{x0:.1f},{BOTTOM:.0f} {line} {x1:.1f},{BOTTOM:.0f}",
        levels=tuple((_y(level, top), level) for level in dict.fromkeys((0, top // 2, top))),
        dates=_dates(days),
        last=days[-1],
        end=points[-1],
    )


def _dates(days: Sequence[Day]) -> tuple[tuple[float, str, str], ...]:
    step = max(1, ceil((len(days) - 1) / (_MOST_DATES - 1))) if len(days) > 1 else 1
    chosen = list(range(0, len(days), step))
    last = len(days) - 1
    return tuple(
        (_x(n, len(days)), _told(days[n].day), "start" if n == 0 else "end" if n == last else "middle") for n in chosen
    )


def _told(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _x(n: int, count: int) -> float:
    return LEFT + (RIGHT - LEFT - 70) * (n / (count - 1) if count > 1 else 0)


def _y(value: int, top: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top


def _round_up(value: int) -> int:
    """The next number of one or two digits and noughts, at least 2, so that half of it is one too."""
    if value <= 2:
        return 2
    unit: int = 10 ** max(0, int(log10(value)) - 1)
    top = ceil(value / unit) * unit
    return top if top % 2 == 0 else top + unit

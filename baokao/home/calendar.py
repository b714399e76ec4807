"""The sitting's calendar as percentages of one line of days; pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from baokao.core.words import left
from baokao.core.zone import SHANGHAI, local
from baokao.exams.models import Sitting

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One span of the calendar. `solid` marks what has a beginning and an end of its own, the rest are open-ended."""

    title: str
    text: str
    begins: datetime
    ends: datetime
    solid: bool

    def word(self, now: datetime) -> str:
        """进行中's remainder, or how far off it is."""
        if self.begins <= now < self.ends:
            return f"还剩 {left(self.ends, now)}"
        days = (local(self.begins).date() - local(now).date()).days
        return "已结束" if now >= self.ends else f"{days} 天后" if days else "今天"


@dataclass(frozen=True)
class Drawn:
    """A row with its place: `x` and `width` in percent, and on which side its word stands."""

    row: Row
    x: float
    width: float
    word: str
    word_x: float
    word_after: bool


@dataclass(frozen=True)
class Calendar:
    """All rows over the same days: months as (x, label), today's line, and the year of the first day."""

    year: int
    months: tuple[tuple[float, str], ...]
    today: float
    rows: tuple[Drawn, ...]


def rows_of(sitting: Sitting) -> list[Row]:
    """What is announced of a sitting, in order of time."""
    found = []
    if sitting.registration_opens_at and sitting.registration_closes_at:
        opens, closes = sitting.registration_opens_at, sitting.registration_closes_at
        found.append(Row("网上报名", f"{spoken(opens)} — {spoken(closes)}", opens, closes, True))
    speaking = [
        (day, level) for day, level in ((sitting.speaking4_on, "英语四级"), (sitting.speaking6_on, "英语六级")) if day
    ]
    if speaking:
        first, last = min(speaking)[0], max(speaking)[0]
        if sitting.speaking_tickets_at:
            begins = sitting.speaking_tickets_at
            found.append(Row("口试准考证打印", f"{spoken(begins)} 起", begins, _end(last), False))
        text = " · ".join(f"{day.month}月{day.day}日 {level}" for day, level in speaking)
        found.append(Row("口试（选）", text, _start(first), _end(last), True))
    if sitting.written_on:
        day = sitting.written_on
        if sitting.written_tickets_at:
            begins = sitting.written_tickets_at
            found.append(Row("笔试准考证打印", f"{spoken(begins)} 起", begins, _end(day), False))
        found.append(Row("笔试", f"{day.month}月{day.day}日 上午四级 · 下午六级", _start(day), _end(day), True))
    return sorted(found, key=lambda row: row.begins)


def draw(rows: Sequence[Row], now: datetime) -> Calendar | None:
    """Place the rows between two days before the first of them (or now) and a few after the last."""
    if not rows:
        return None
    first = _start(min(local(min(row.begins for row in rows)), local(now)).date() - 2 * _DAY)
    last = _end(max(row.ends for row in rows).astimezone(SHANGHAI).date() + 4 * _DAY)

    def percent(moment: datetime) -> float:
        return round(min(100.0, max(0.0, (moment - first) / (last - first) * 100)), 2)

    drawn = []
    for row in rows:
        x, end = percent(row.begins), percent(row.ends)
        after = end < 60
        drawn.append(Drawn(row, x, max(1.0, round(end - x, 2)), row.word(now), end if after else x, after))
    return Calendar(local(first).year, tuple(_months(first, last, percent)), percent(now), tuple(drawn))


def spoken(moment: datetime) -> str:
    """`9月20日 14:00`."""
    here = local(moment)
    return f"{here.month}月{here.day}日 {here:%H:%M}"


def _months(first: datetime, last: datetime, percent: Callable[[datetime], float]) -> Iterator[tuple[float, str]]:
    yield 0.0, f"{local(first).month}月"
    month = local(first).date().replace(day=1)
    while (month := (month + 32 * _DAY).replace(day=1)) < local(last).date():
        yield percent(_start(month)), f"{month.month}月"


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _end(day: date) -> datetime:
    return _start(day + _DAY)

"""What the home page says of a sitting at a moment, pure: its state in words, the next date, days and timeline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from baokao.core import words
from baokao.core.zone import SHANGHAI, local
from baokao.home.calendar import Calendar, Stretch, calendar, midnight

_WEEKDAYS = "一二三四五六日"
_NOON = time(12)


@dataclass(frozen=True)
class Exam:
    """A subject with its day, and the time at which it begins if that is known."""

    name: str
    level: int
    written: bool
    on: date
    starts_at: time | None = None

    @property
    def language(self) -> str:
        """`英语` of 英语四级笔试."""
        return self.name[: self.name.index("级") - 1]

    @property
    def short(self) -> str:
        """`英语四级` of 英语四级笔试."""
        return self.name[: self.name.index("级") + 1]

    @property
    def in_the_morning(self) -> bool:
        """By its time; without one by its level, since level 4 is always before noon (facts, Subjects)."""
        return self.starts_at < _NOON if self.starts_at else self.level == 4


@dataclass(frozen=True)
class Dates:
    """What the national office has announced of a sitting; anything may be missing yet."""

    name: str
    half_name: str
    state: str
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    written_on: date | None = None
    speaking4_on: date | None = None
    speaking6_on: date | None = None
    written_tickets_at: datetime | None = None
    speaking_tickets_at: datetime | None = None
    exams: tuple[Exam, ...] = ()


@dataclass(frozen=True)
class ExamDay:
    """A day of exams: `笔试` or `口试（选）`, and a line for each half of the day."""

    on: date
    weekday: str
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Next:
    """The next date: what is waited for, the time left as (figure, unit), and in seconds, whole minutes only.

    Whole minutes keep the page's bytes, and so its ETag, the same for a minute.
    """

    what: str
    at: datetime
    figures: tuple[tuple[str, str], ...]
    seconds: int


@dataclass(frozen=True)
class SittingShown:
    """A sitting as the home page has it."""

    dates: Dates
    tag: str
    running: bool
    next: Next | None
    days: tuple[ExamDay, ...]
    calendar: Calendar | None

    @property
    def tickets_day(self) -> str:
        """`12月1日`, from which written tickets can be printed; empty if it is not announced."""
        moment = self.dates.written_tickets_at
        return _day(local(moment).date()) if moment else ""

    @classmethod
    def of(cls, dates: Dates, now: datetime) -> "SittingShown":
        """At the moment `now`."""
        tag, running = _state(dates, now)
        return cls(dates, tag, running, _next(dates, now), exam_days(dates.exams), calendar(_stretches(dates), now))

    @staticmethod
    def most_urgent(shown: Sequence["SittingShown"]) -> "SittingShown | None":
        """The one for the hero when two are open at once: in registration before others, then by its next date."""
        return min(
            shown,
            key=lambda one: (not one.running, one.next is None, one.next.seconds if one.next else 0),
            default=None,
        )


def exam_days(exams: Iterable[Exam]) -> tuple[ExamDay, ...]:
    """The days, written first and then speaking, each with what is examined then: `上午：英语、日语四级`."""
    ordered = sorted(exams, key=lambda exam: (not exam.written, exam.on))
    days = []
    for (spoken, on), group in groupby(ordered, key=lambda exam: (not exam.written, exam.on)):
        of_day = list(group)
        lines = ("、".join(exam.short for exam in of_day),) if spoken else tuple(_halves(of_day))
        days.append(ExamDay(on, f"星期{_WEEKDAYS[on.weekday()]}", "口试（选）" if spoken else "笔试", lines))
    return tuple(days)


def _halves(exams: Sequence[Exam]) -> Iterable[str]:
    for half, morning in (("上午", True), ("下午", False)):
        of_half = [exam for exam in exams if exam.in_the_morning is morning]
        for level, name in ((4, "四级"), (6, "六级")):
            languages = "、".join(exam.language for exam in of_half if exam.level == level)
            if languages:
                yield f"{half}：{languages}{name}"


def _state(dates: Dates, now: datetime) -> tuple[str, bool]:
    """The tag, and whether registration is open now."""
    opens, closes = dates.registration_opens_at, dates.registration_closes_at
    if dates.state == "closed" or (dates.written_on and local(now).date() > dates.written_on):
        return "考试已结束", False
    if dates.state == "preparing" or (opens and now < opens):
        return "报名即将开始", False
    if closes and now >= closes:
        return "报名已结束", False
    return "报名进行中", True


def _next(dates: Dates, now: datetime) -> Next | None:
    ahead: list[tuple[str, datetime | None]] = [
        ("网上报名开始", dates.registration_opens_at),
        ("网上报名截止", dates.registration_closes_at),
        ("口试准考证打印", dates.speaking_tickets_at),
        ("英语四级口试", _begin(dates.speaking4_on)),
        ("英语六级口试", _begin(dates.speaking6_on)),
        ("笔试准考证打印", dates.written_tickets_at),
        ("笔试", _first_paper(dates)),
    ]
    coming = [(at, what) for what, at in ahead if at and at > now]
    if not coming:
        return None
    at, what = min(coming)
    return Next(what, at, _figures(words.left(at, now)), int((at - now).total_seconds()) // 60 * 60)


def _begin(day: date | None) -> datetime | None:
    return midnight(day) if day else None


def _first_paper(dates: Dates) -> datetime | None:
    """When the written exam begins, as far as it is known: else its day."""
    if dates.written_on is None:
        return None
    starts = [exam.starts_at for exam in dates.exams if exam.on == dates.written_on and exam.written and exam.starts_at]
    return datetime.combine(dates.written_on, min(starts, default=time()), SHANGHAI)


def _figures(left: str) -> tuple[tuple[str, str], ...]:
    """`10 天 2 小时` as (10, 天), (2, 小时); `不到 1 分` as (不到 1, 分)."""
    parts = left.replace("不到 ", "不到\u00a0").split(" ")
    return tuple(zip(parts[::2], parts[1::2], strict=True))


def _stretches(dates: Dates) -> list[Stretch]:
    found = []
    if dates.registration_opens_at and dates.registration_closes_at:
        opens, closes = dates.registration_opens_at, dates.registration_closes_at
        found.append(Stretch("网上报名", f"{_minute(opens)} — {_minute(closes)}", opens, closes, full=True))
    speaking = [(day, level) for day, level in ((dates.speaking4_on, "四级"), (dates.speaking6_on, "六级")) if day]
    if speaking:
        first, last = min(speaking)[0], max(speaking)[0]
        if dates.speaking_tickets_at:
            found.append(_printing("口试准考证打印", dates.speaking_tickets_at, last))
        note = " · ".join(f"{_day(day)} 英语{level}" for day, level in speaking)
        found.append(Stretch("口试（选）", note, midnight(first), midnight(last + timedelta(days=1)), full=True))
    if dates.written_on:
        if dates.written_tickets_at:
            found.append(_printing("笔试准考证打印", dates.written_tickets_at, dates.written_on))
        ends = midnight(dates.written_on + timedelta(days=1))
        note = f"{_day(dates.written_on)} 上午四级 · 下午六级"
        found.append(Stretch("笔试", note, midnight(dates.written_on), ends, full=True))
    return found


def _printing(title: str, begins: datetime, last_day: date) -> Stretch:
    return Stretch(title, f"{_minute(begins)} 起", begins, max(midnight(last_day), begins))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _minute(moment: datetime) -> str:
    here = local(moment)
    return f"{_day(here.date())} {here:%H:%M}"

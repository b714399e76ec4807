"""Pure rules of paying: what may be paid together, how long, where money goes, and when to ask again (D1–D6)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from baokao.core.verdict import Refused
from baokao.core.zone import SHANGHAI
from baokao.registration import rules as entries
from baokao.registration.rules import SubjectFacts

# Rule D5: how long a payment lasts at most, and how long its entries are kept beyond their pay-until when the provider
# doesn't answer at all.
LASTS = timedelta(minutes=30)
KEPT_IN_DOUBT = timedelta(hours=24)
# After an attempt's first end money may still come: a signed address lives until the attempt's last minute, and a
# provider's own clock is not ours.
_LATE = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24))
# Where nothing ends an unpaid order, it is looked at for some days more.
_NEVER_CLOSED = (*_LATE, timedelta(hours=6), timedelta(days=2), timedelta(days=3), timedelta(days=5))
# How long a refund that can't be asked for twice may be missing at the provider before a person has to decide, and how
# long the provider may say nothing certain about it.
MISSING_AFTER, UNCERTAIN_AFTER = timedelta(hours=2), timedelta(hours=24)
_SOON = (5, 10, 20, 30, 60, 60, 120)

NOTHING = Refused("nothing", "请至少勾选一个未支付的科目。")
IN_DOUBT = Refused("in_doubt", "支付结果确认中，请勿重复支付。", "结果会显示在“报名信息”中，并发邮件告知。")


class Back(StrEnum):
    """Why money goes back; the words for it are the pages'."""

    TWICE = "twice"
    FULL = "full"
    NOT_ALLOWED = "not_allowed"
    NO_WRITTEN = "no_written"
    NO_REGISTRATION = "no_registration"


@dataclass(frozen=True)
class Due:
    """An unpaid entry that could be paid: its subject, where, what it costs, and until when it is kept."""

    entry: str
    offering: int
    facts: SubjectFacts
    fee: Decimal
    ends_at: datetime

    @property
    def code(self) -> str:
        return self.facts.code


def refusals(due: Due, chosen: Collection[str], held: Sequence[SubjectFacts], now: datetime) -> list[Refused]:
    """What stands in the way of paying this entry now, with the subjects of `chosen`; `held` are all live entries'.

    Its own time must not be over (D5), nobody else may be paying it, it must not be restricted since (B8), and a
    speaking entry is paid together with or after its written one (C7).
    """
    facts = due.facts
    found = entries.locked_refusals(facts)
    if facts.entry is not None and facts.entry.lock == "group":
        # No clock runs, and the school asks about all else when it pays (rule D8).
        return found
    if now >= due.ends_at:
        found.append(_about(facts, "over", "已超过支付时间，科目将被系统自动删除。", "报名时间内可以重新报考。"))
    if facts.restriction is not None:
        reason = facts.restriction or "未说明原因"
        found.append(_about(facts, "restricted", f"已被限制报考：{reason}。", "请联系学校负责老师。"))
    if facts.kind == "speaking" and not _written_is_paid(facts, held, chosen):
        name = facts.name.replace("口试", "笔试")
        found.append(_about(facts, "no_written", f"口试须与{name}一起支付，或在其支付之后支付。", "请同时勾选。"))
    return found


def _written_is_paid(speaking: SubjectFacts, held: Sequence[SubjectFacts], chosen: Collection[str]) -> bool:
    written = [
        one for one in held if (one.level, one.language, one.kind) == (speaking.level, speaking.language, "written")
    ]
    return any(one.entry and (one.entry.state == "paid" or one.code in chosen) for one in written)


def _about(facts: SubjectFacts, code: str, message: str, remedy: str) -> Refused:
    return Refused(code, message, remedy, about=facts.code)


# Where money goes


@dataclass(frozen=True)
class Pays:
    """The money pays this live unpaid entry."""

    entry: str


@dataclass(frozen=True)
class TakesAgain:
    """The entry has ended; the money takes a seat again, if one is free in that moment."""


@dataclass(frozen=True)
class GoesBack:
    why: Back


Fate = Pays | TakesAgain | GoesBack


def fate(wanted: str, amount: Decimal, facts: SubjectFacts, held: Sequence[SubjectFacts], now: datetime) -> Fate:
    """Where the money of one line goes (rule D6).

    `wanted` is the entry that it was meant for; `facts` are those of its subject at its campus, now, with the live
    entry if there is one; `held` are the live entries of the registration, as they are after the lines before.
    """
    entry = facts.entry if facts.entry and facts.entry.offering == facts.offering else None
    elsewhere = facts.entry is not None and entry is None
    if facts.kind == "speaking" and not _written_is_paid(facts, held, ()):
        return GoesBack(Back.NO_WRITTEN)
    if entry is not None:
        if entry.state == "paid":
            return GoesBack(Back.TWICE)
        return Pays(entry.id) if entry.id == wanted or entry.fee == amount else GoesBack(Back.NOT_ALLOWED)
    if elsewhere:
        # A speaking test is taken once; the candidate chose another campus for it meanwhile.
        return GoesBack(Back.TWICE)
    barred = [one.code for one in entries.refusals(facts, now) if one.code != "closed"]
    if barred == ["full"]:
        return GoesBack(Back.FULL)
    rivals = [one for one in held if one.kind == "written" == facts.kind and one.level == facts.level]
    return GoesBack(Back.NOT_ALLOWED) if barred or rivals else TakesAgain()


# When to ask the provider


def ask_again(asked: int, expires_at: datetime, now: datetime) -> datetime:
    """When to ask about an open attempt after it was asked `asked` times: soon, then ever less often, and once at its
    end (rule D4)."""
    pause = timedelta(seconds=_SOON[min(asked, len(_SOON) - 1)])
    if now >= expires_at:
        # Nobody answered at its end: from five seconds up to ten minutes.
        over = max(timedelta(seconds=5), min(timedelta(minutes=10), (now - expires_at) / 4))
        return now + over
    return min(now + pause, expires_at)


def ask_late(expires_at: datetime, now: datetime, *, closes: bool) -> datetime | None:
    """When to ask once more about an attempt that ended without money; None when nothing more is to be expected.
    `closes`: whether its provider has ended it, too (rule D5)."""
    pauses = _LATE if closes else _NEVER_CLOSED
    return min((expires_at + pause for pause in pauses if expires_at + pause > now), default=None)


def refund_again(tries: int, now: datetime) -> datetime:
    """When to try a refund again, under the same number: from 15 seconds up to an hour."""
    return now + min(timedelta(seconds=15) * 2 ** min(tries, 12), timedelta(hours=1))


# When to fetch a bill (rule D7)

# Providers have yesterday's bill ready by nine.
BILL_READY = time(9)


def bill_ready_at(day: date) -> datetime:
    """When the bill of a day in Beijing is first asked for."""
    return datetime.combine(day + timedelta(days=1), BILL_READY, SHANGHAI)


def fetch_again(tries: int, now: datetime) -> datetime:
    """When to fetch a bill again that couldn't be had, `tries` times so far: from ten minutes up to an hour."""
    return now + min(timedelta(minutes=5) * 2 ** min(tries, 12), timedelta(hours=1))


def no_bill_at(day: date, *, money: bool) -> datetime:
    """From when on it is believed that there is no bill of this day: it may only not be made yet, most likely so when
    our books have money of that day."""
    return bill_ready_at(day) + (timedelta(hours=12) if money else timedelta(hours=3))


def bill_is_late_at(day: date) -> datetime:
    """From when on a person should know that a bill can't be had."""
    return bill_ready_at(day) + timedelta(hours=6)


def absent_again(day: date, now: datetime) -> datetime | None:
    """When to look once more for a bill that should be there and isn't: each day, for a week."""
    return now + timedelta(days=1) if now < bill_ready_at(day) + timedelta(days=7) else None

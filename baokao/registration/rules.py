"""Pure rules of entering: what stands in the way of an entry, how long its seat is held, how one stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from baokao.core.verdict import Refused
from baokao.core.words import shown
from baokao.exams.rules import Light, Span, last_closing, light, next_span, open_since, open_span

_LEVEL_NAMES = {4: "四级", 6: "六级"}
_ASK_SCHOOL = "请联系学校负责老师。"
LOCKED = {
    "payment": "支付处理中，请稍后再试。",
    "group": "该科目已被集体缴费锁定，请联系学校老师。",
}


@dataclass(frozen=True)
class EntryFacts:
    """What is known of a live entry; `offering` is where its seat is counted."""

    id: str
    state: str
    offering: int
    made_at: datetime
    held_until: datetime
    lock: str = ""
    fee: Decimal = Decimal(0)


@dataclass(frozen=True)
class SubjectFacts:
    """All that decides whether one candidate can enter one subject at one campus, read in one query.

    `offering` is None where the campus doesn't offer the subject; `spans` is the person's window there, already
    intersected; `entry` is the candidate's live entry in this subject; `first_hold` is the hold of the last entry in it
    that was given up, and `given_up_at` when that was.
    """

    code: str
    name: str
    level: int
    language: str
    kind: str
    exam_on: date | None
    eligible: bool
    restriction: str | None
    offering: int | None
    campus: tuple[str, str]
    school: tuple[str, str]
    fee: Decimal | None
    capacity: int
    taken: int
    spans: Sequence[Span]
    province: str = ""
    inbound: str = ""
    entry: EntryFacts | None = None
    first_hold: datetime | None = None
    given_up_at: datetime | None = None

    @property
    def label(self) -> str:
        return f"({self.code}) {self.name}"

    @property
    def light(self) -> Light | None:
        return None if self.offering is None else light(self.capacity, self.taken)


@dataclass(frozen=True)
class LiveEntry:
    """A live entry: whose, of what, what it costs, who keeps it, until when. `pay_until` is None where no window is
    known; `restriction` is the reason, empty if none was given, and None where there is no restriction (rule B8)."""

    id: UUID
    registration: UUID
    offering: int
    code: str
    name: str
    level: int
    language: str
    kind: str
    state: str
    lock: str
    locked_by: UUID | None
    fee: Decimal
    held_until: datetime
    pay_until: datetime | None
    restriction: str | None

    @property
    def label(self) -> str:
        return f"({self.code}) {self.name}"

    def belongs_to(self, other: "LiveEntry") -> bool:
        """Whether the two are written and speaking of one level and language in one registration (rule C7)."""
        return (self.registration, self.level, self.language) == (other.registration, other.level, other.language)


def refusals(facts: SubjectFacts, now: datetime) -> list[Refused]:
    """Every requirement of rule C3 that this subject fails for this candidate, in the rule's order."""
    found = []
    if not facts.eligible:
        found.append(_refused(facts, "not_eligible", "不具有该科目报考资格。", _ASK_SCHOOL))
    if facts.restriction is not None:
        found.append(_refused(facts, "restricted", f"已被限制报考：{facts.restriction or '未说明原因'}。", _ASK_SCHOOL))
    if facts.offering is None:
        found.append(_refused(facts, "not_offered", "本校区未开考。"))
    if facts.exam_on is None:
        found.append(_refused(facts, "no_exam_date", "考试日期未公布。"))
    if facts.offering is None:
        return found
    # The guide: 费用已设且大于0. What costs nothing could never be paid, and only paid entries count (rule D2).
    if not facts.fee:
        found.append(_refused(facts, "no_fee", "费用未设置。"))
    if closed := closed_reason(facts.spans, now):
        found.append(_refused(facts, "closed", closed))
    if facts.capacity <= facts.taken:
        found.append(full(facts))
    return found


def full(facts: SubjectFacts) -> Refused:
    """No seat is free (rule C3)."""
    return _refused(facts, "full", "已报满。", "有考生取消或到期未支付时会重新放出。")


def giving_up_refusals(facts: SubjectFacts, now: datetime) -> list[Refused]:
    """Why a held subject can't be given up: paid, locked, or its window isn't open (rules C6, D5, D8)."""
    if facts.entry is None or facts.entry.state == "paid":
        return [_refused(facts, "paid", "已支付科目不可取消报考。")]
    if locked := locked_refusals(facts):
        return locked
    closed = closed_reason(facts.spans, now)
    if closed is None:
        return []
    again = "届时可以更改或取消报考科目。" if next_span(facts.spans, now) else "不能再更改或取消报考科目。"
    return [_refused(facts, "closed", closed, again)]


def locked_refusals(facts: SubjectFacts) -> list[Refused]:
    """Why a held subject stays as it is for now: it is being paid (rule D5) or a group payment holds it (rule D8)."""
    if facts.entry is None or not facts.entry.lock:
        return []
    return [_refused(facts, "locked", LOCKED[facts.entry.lock])]


def closed_reason(spans: Sequence[Span], now: datetime) -> str | None:
    """Why nothing can be entered at this moment, or None while the window is open (rules B6, C3)."""
    if open_span(spans, now):
        return None
    if coming := next_span(spans, now):
        return f"{shown(coming.opens_at)}开始报名。"
    if ended := last_closing(spans):
        return f"报名已于{shown(ended)}结束。"
    return "报名时间未公布。"


def level_refusals(wanted: Iterable[SubjectFacts], allows_both_levels: bool) -> list[Refused]:
    """At most one written subject a level (rule C2); no 四级 beside a 六级 where the school forbids it (rule C3)."""
    by_level: dict[int, list[SubjectFacts]] = {}
    for facts in wanted:
        if facts.kind == "written":
            by_level.setdefault(facts.level, []).append(facts)
    found = [
        Refused(
            f"two_of_level_{level}",
            f"英语和小语种笔试同级别科目只能报考1科，{_LEVEL_NAMES[level]}笔试存在多科报考，请检查数据！",
            "没有保存任何科目。请取消多余科目的勾选后再次提交。",
            about=",".join(facts.code for facts in several),
            beside=f"{_LEVEL_NAMES[level]}笔试只能报考1科",
        )
        for level, several in sorted(by_level.items())
        if len(several) > 1
    ]
    adds = any(facts.entry is None for several in by_level.values() for facts in several)
    if len(by_level) > 1 and not allows_both_levels and adds:
        codes = ",".join(facts.code for several in by_level.values() for facts in several)
        message = "本校不允许同时报考四级和六级。"
        found.append(Refused("both_levels", message, "没有保存任何科目。请只保留一个级别后再次提交。", about=codes))
    return found


def held_until(facts: SubjectFacts, hold: timedelta, now: datetime) -> datetime:
    """When a seat taken now is let go: the earlier of the hold and the pay-until (rules C5, C12).

    Taking a subject again after giving it up does not renew the first clock while that one still runs, unless the
    window was closed in between (rule C4, decision 8).
    """
    span = open_span(facts.spans, now)
    if span is None:
        raise ValueError("A seat is only taken while the window is open.")
    end = min(now + hold, span.pay_until)
    first, given_up_at = facts.first_hold, facts.given_up_at
    if first is None or given_up_at is None or first <= now or given_up_at < open_since(facts.spans, now):
        return end
    return min(end, first)


def pay_until(spans: Sequence[Span], now: datetime) -> datetime | None:
    """Until when an entry that somebody keeps open can be paid at all: the pay-until of the span that is open, else of
    the last one that has closed (rules C12, D8); None where no window is known."""
    span = open_span(spans, now)
    if span is None:
        closed = [one for one in spans if one.closes_at <= now]
        span = max(closed, key=lambda one: (one.closes_at, one.pay_until), default=None)
    return span.pay_until if span else None


def paid_state(states: Sequence[str]) -> str:
    """全未支付, 部分支付 or 已全部支付 for the live entries of one table (rule C10)."""
    paid = sum(state == "paid" for state in states)
    if paid == 0:
        return "全未支付"
    return "已全部支付" if paid == len(states) else "部分支付"


def status(bound: bool, states: Sequence[str]) -> str:
    """报名状态 of the home page (rule B1)."""
    if not bound:
        return "未报名或当前通行证账号非报名时账号"
    if not states:
        return "已保存，未报考科目"
    return {"全未支付": "已报考，未支付", "部分支付": "部分支付", "已全部支付": "报名完成"}[paid_state(states)]


def _refused(facts: SubjectFacts, code: str, message: str, remedy: str = "") -> Refused:
    return Refused(code, message, remedy, about=facts.code)


STEPS = ("注册", "登录", "资格验证", "笔试报名缴费", "口试报名缴费", "报名成功")


@dataclass(frozen=True)
class Step:
    """A step of the strip: its place 1 to 6, whether it is done, now or to come, and whether it may be left out."""

    number: int
    label: str
    state: str
    optional: bool


def strip(bound: bool, written: Sequence[str], speaking: Sequence[str]) -> list[Step]:
    """The six-step strip of a signed-in person, from the states of the live entries (pages.md).

    报名成功 is a paid written entry and nothing unpaid; a speaking entry is never needed for it.
    """
    unpaid = "unpaid" in [*written, *speaking]
    if not bound:
        position = 3
    elif "paid" in written and not unpaid:
        position = 6
    elif "paid" in written and "unpaid" not in written:
        position = 5
    else:
        position = 4
    done = set(range(1, position))
    if "paid" not in speaking:
        done.discard(5)
    return [Step(n, label, _state(n, position, done), n == 5) for n, label in enumerate(STEPS, start=1)]


def _state(number: int, position: int, done: set[int]) -> str:
    if number == position:
        return "now"
    return "done" if number in done else "todo"

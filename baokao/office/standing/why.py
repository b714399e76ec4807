"""Why a student can or can't register, entry by entry: the very verdicts that the candidate's pages show (rule C3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from baokao.core.raw import rows
from baokao.core.words import left, masked_address, shown
from baokao.exams.rules import Person
from baokao.registration import facts, opening, rules, speaking, standing
from baokao.registration.models import Entry
from baokao.registration.queries.rows import window_shown
from baokao.registration.rules import SubjectFacts
from baokao.registration.speaking import Home
from baokao.registration.standing import Bound, Standing
from baokao.roster.models import StudentRecord
from baokao.roster.rules import eligible_subjects

_ENTERED = {"unpaid": "已报考，未支付", "paid": "已报考，已支付"}


@dataclass(frozen=True)
class Step:
    """One thing that has to be right: whether it is, what it says, and what can be done at this desk."""

    label: str
    good: bool
    text: str
    remedy: str = ""


def why(record: StudentRecord, passport: Any, now: datetime) -> dict[str, Any]:
    """Steps and subjects of a student. `passport` is the id of the live registration's, None where there is none.

    The record comes with its campuses. What stands in the snapshot counts for who has saved, what stands in the roster
    for who hasn't (rule B8).
    """
    stood = standing.read(passport, record.sitting_id) if passport else Standing(0, None)
    found = opening.read(record, now)
    who = facts.Who.of(stood.bound) if stood.bound else _unbound(record, found.kept)
    every = facts.from_rows(rows(facts.STATEMENT, who.parameters("written", "speaking")), who)
    written = [one for one in every if one.kind == "written"]
    home = _home(record)
    return {
        "steps": list(_steps(record, stood, found, now)),
        "subjects": [_subject(one, written, home, now) for one in every if _concerns(one)],
        "account_masked": masked_address(stood.bound.account) if stood.bound else "",
    }


def _unbound(record: StudentRecord, eligible: str) -> facts.Who:
    campus = record.written_campus
    person = Person(record.campus.school_id, record.grade, record.degree)
    restricted = (record.restricted, record.restricted_why)
    return facts.Who(record.sitting_id, None, campus.school_id, campus.code, person, eligible, *restricted)


def _home(record: StudentRecord) -> Home:
    school = record.campus.school
    own = "own" in (school.speaking_outbound, record.campus.speaking_outbound)
    return Home(school.code, school.province_id, "own" if own else "any")


def _concerns(one: SubjectFacts) -> bool:
    """What the student is eligible for or holds, and English, which everybody asks about."""
    return one.eligible or one.entry is not None or one.language == "English"


def _steps(record: StudentRecord, stood: Standing, found: opening.Opening, now: datetime) -> Any:
    if record.removed_at is not None:
        yield Step(
            "学籍", False, f"已于 {shown(record.removed_at)} 移出学籍库，新的查询查不到。", "如属误删，请重新导入学籍。"
        )
    else:
        yield Step("学籍", True, "在学籍库中，考生按证件类型、证件号码、姓名三项可查到。")
    bound = stood.bound
    eligible = bound.eligible if bound else found.eligible
    if not eligible:
        yield Step("资格科目", False, "资格科目为无，考生无法继续报名。", "请在学籍中补充资格科目，或办理资格复核。")
    if record.restricted:
        reason = record.restricted_why or "未说明原因"
        yield Step("限制报考", False, f"科目 {record.restricted} 已被限制报考：{reason}。")
    if found.closed is not None:
        yield Step("报名时间", False, found.closed.message, "请核对开考科目与各级报名时间的设置。")
    else:
        yield Step("报名时间", True, "现在至少有一个笔试科目开放。")
    if bound is None:
        yield Step(
            "报名信息", False, "尚未保存：没有通行证账号绑定该考生。", "请提醒考生登录、查询资格并“保存并继续”。"
        )
        return
    yield from _bound_steps(bound, stood, now)


def _bound_steps(bound: Bound, stood: Standing, now: datetime) -> Any:
    yield Step(
        "报名信息", True, f"已于 {shown(bound.saved_at)} 由通行证账号 {masked_address(bound.account)} 保存。",
        "不是考生本人的账号时，属于信息占用。",
    )  # fmt: skip
    if not stood.entries and bound.empty_since is not None:
        ends = bound.empty_since + settings.EMPTY_HOLD
        yield Step(
            "报考科目",
            False,
            f"没有报考任何科目，报名信息将于 {shown(ends)} 自动删除（还剩 {left(ends, now) or '不到 1 分'}）。",
        )
    for entry in stood.entries:
        if entry.state != "unpaid":
            continue
        ends = entry.ends_at(stood.entries)
        locked = f"{Entry.Lock(entry.lock).label}。" if entry.lock else ""
        text = (
            f"科目 {entry.subject} 未支付，{locked}最晚 {shown(ends)} 前支付（还剩 {left(ends, now) or '不到 1 分'}）。"
        )
        yield Step("支付", False, text, "到期未支付将自动删除，名额随即放出。")


def _subject(one: SubjectFacts, written: list[SubjectFacts], home: Home, now: datetime) -> dict[str, Any]:
    if one.entry is not None:
        reasons, state = [], _ENTERED[one.entry.state]
        if one.entry.lock:
            reasons = [rules.LOCKED[one.entry.lock]]
    else:
        asked = rules.refusals(one, now) if one.kind == "written" else speaking.refusals(one, home, written, now)
        reasons = [refusal.message for refusal in asked]
        state = "可以报考" if not reasons else "不能报考"
    return {
        "label": one.label,
        "campus": one.campus,
        "state": state,
        "tone": {"已报考，已支付": "done", "已报考，未支付": "soon", "可以报考": "info"}.get(state, "bad"),
        "reasons": reasons,
        "fee": one.entry.fee if one.entry is not None else one.fee,
        "light": one.light,
        "window": window_shown(one, now),
    }


def eligible_of(record: StudentRecord) -> str:
    """Codes that the record's sources give, less what is restricted; for lists, which don't ask what is offered."""
    sources = (record.subjects_given, record.subjects_by_score, record.subjects_by_review)
    return eligible_subjects(*sources, record.restricted, None)

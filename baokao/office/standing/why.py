"""Why a student can or can't register or pay, subject by subject: the very verdicts that the candidate's pages and
services speak (rules B8, C2, C3, D8), each with what can be done about it at this desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from baokao.core import switches
from baokao.core.raw import rows
from baokao.core.verdict import Refused
from baokao.core.words import left, masked_address, shown
from baokao.exams.rules import Person
from baokao.office.standing import remedies
from baokao.payments import rules as paying
from baokao.payments.due import due
from baokao.registration import facts, opening, rules, speaking, standing
from baokao.registration.models import Entry
from baokao.registration.queries.before import subjects_text
from baokao.registration.queries.rows import window_shown
from baokao.registration.rules import SubjectFacts
from baokao.registration.services.refusals import PAUSED
from baokao.registration.speaking import Home
from baokao.registration.standing import Bound, Standing
from baokao.roster.models import StudentRecord

_FREE, _REFUSED, _PAID = "可以报考", "不能报考", "已报考，已支付"
_UNPAID, _UNPAYABLE = "已报考，未支付", "已报考，不能支付"
_TONES = {_FREE: "info", _PAID: "done", _UNPAID: "soon"}


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
    shown_ones = [one for one in every if _concerns(one)]
    unpaid = _unpaid_refusals(every, now)
    home = _home(record)
    subjects = []
    for one in shown_ones:
        if one.entry is None:
            refused = _entering_refusals(one, written, home, stood, now)
            state = _REFUSED if refused else _FREE
        else:
            refused = unpaid.get(one.code, [])
            state = _PAID if one.entry.state == "paid" else _UNPAYABLE if refused else _UNPAID
        subjects.append(_subject(one, state, refused, home, now))
    return {
        "steps": list(_steps(record, stood, found, now)),
        "subjects": subjects,
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
    if record.subjects_barred:
        told = _restricted(record.subjects_barred, "教育部考试中心", record.barred_reason)
        yield Step("限制报考", False, told, "本校不能解除，请联系省级承办机构。")
    if record.subjects_restricted:
        told = _restricted(record.subjects_restricted, "本校", record.restriction_reason)
        yield Step("限制报考", False, told, "可在该生的学籍页面解除。")
    if switches.entries_paused():
        yield Step("报考暂停", False, PAUSED.message, "全国统一暂停，恢复后考生即可报考。")
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


def _restricted(codes: str, by: str, reason: str) -> str:
    return f"{subjects_text(codes)}已被{by}限制报考：{reason or '未说明原因'}。"


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
        name = subjects_text(entry.subject)
        if entry.lock:
            yield Step("支付", False, f"{name}未支付，{Entry.Lock(entry.lock).label}，期间不会到期删除。")
            continue
        ends = entry.ends_at(stood.entries)
        text = f"{name}未支付，最晚 {shown(ends)} 前支付（还剩 {left(ends, now) or '不到 1 分'}）。"
        yield Step("支付", False, text, "到期未支付将自动删除，名额随即放出。")


def _entering_refusals(
    one: SubjectFacts, written: Sequence[SubjectFacts], home: Home, stood: Standing, now: datetime
) -> list[Refused]:
    """Why the subject can't be entered beside what is held: its own reasons, then those of the levels (rules C2, C3,
    C7)."""
    if one.kind != "written":
        return speaking.refusals(one, home, written, now)
    held = [other for other in written if other.entry is not None]
    both = stood.bound.allows_both_levels if stood.bound else True
    return rules.refusals(one, now) + rules.level_refusals([*held, one], both)


def _unpaid_refusals(every: Sequence[SubjectFacts], now: datetime) -> dict[str, list[Refused]]:
    """Why unpaid entries can't be paid, by subject, if the candidate ticks all of them (rules B8, D1, D5, D8)."""
    unpaid = due(every)
    chosen = {one.code for one in unpaid}
    held = [one for one in every if one.entry is not None]
    return {one.code: paying.refusals(one, chosen, held, now) for one in unpaid}


def _subject(one: SubjectFacts, state: str, refused: Sequence[Refused], home: Home, now: datetime) -> dict[str, Any]:
    return {
        "label": one.label,
        "campus": one.campus,
        "state": state,
        "tone": _TONES.get(state, "bad"),
        "reasons": [(each.beside or each.message, remedies.of(each.code, one, home)) for each in refused],
        "fee": one.entry.fee if one.entry is not None else one.fee,
        "light": one.light,
        "window": window_shown(one, now),
    }

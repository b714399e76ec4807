"""Everything that happened to a student, from the rows of roster, registration, review and payment: the web role can't
read the audit log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baokao.core.words import yuan
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.students.queries import subject_names
from baokao.payments import providers
from baokao.payments.models import Attempt
from baokao.payments.words import BACK
from baokao.registration.models import Entry, Registration
from baokao.review.models import Application, Decision
from baokao.roster.models import RecordChange, RecordConflict, StudentRecord

_CANDIDATE, _SCHOOL, _SYSTEM = "考生", "学校", "系统"


@dataclass(frozen=True)
class Event:
    """Something that happened to a student."""

    at: datetime
    what: str
    who: str
    note: str = ""
    href: Any = None


def timeline(desk: Desk, record: StudentRecord) -> list[Event]:
    """Everything that happened to a record that the desk was given, latest first: its roster's changes and conflicts,
    its registrations, entries and reminders, its reviews, its payments and those of the school for it."""
    registrations = list(access.registrations(desk).filter(record=record))
    events = [
        *_roster(desk, record),
        *_conflicts(desk, record),
        *_registered(desk, registrations),
        *_reviewed(desk, record),
        *_paid(desk, registrations),
        *_grouped(desk, registrations),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _roster(desk: Desk, record: StudentRecord) -> Iterator[Event]:
    for change in access.history(desk, record):
        what = RecordChange.Kind(change.kind).label + (f"：{change.what}" if change.what else "")
        yield Event(change.at, what, change.by_name, change.note, change.roster_import_id)


def _conflicts(desk: Desk, record: StudentRecord) -> Iterator[Event]:
    for conflict in access.conflicts(desk).filter(record_id=record.id):
        claim = f"({conflict.claimant_id}){conflict.claimant.name}"
        yield Event(conflict.claimed_at, f"学籍冲突：{claim}提出", conflict.claimed_by_name)
        if conflict.settled_at:
            outcome = RecordConflict.State(conflict.state).label
            yield Event(conflict.settled_at, f"学籍冲突：{outcome}", conflict.settled_by_name, conflict.reason)


def _registered(desk: Desk, registrations: Sequence[Registration]) -> Iterator[Event]:
    releases = {one.registration_id: one for one in access.releases(desk).filter(registration__in=registrations)}
    for one in registrations:
        yield Event(one.saved_at, "保存报名信息", _CANDIDATE)
        if one.reminded_at:
            yield Event(one.reminded_at, "缴费提醒", _SCHOOL, "最近一次提醒邮件")
        if one.ended_at:
            release = releases.get(one.id)
            by, why = (release.released_by_name, release.reason) if release else ("", "")
            yield Event(one.ended_at, f"报名信息{Registration.State(one.state).label}", by, why)
    for entry in access.entries(desk).filter(registration__in=registrations):
        subject = subject_names(entry.subject_id)
        yield Event(entry.made_at, f"报考{subject}", Entry.Way(entry.way).label)
        if entry.ended_at:
            yield Event(entry.ended_at, f"{subject}{Entry.State(entry.state).label}", "")


def _reviewed(desk: Desk, record: StudentRecord) -> Iterator[Event]:
    applications = list(access.applications(desk).filter(record=record))
    decisions = list(access.decisions(desk).filter(application__in=applications))
    names = access.staff_names({one.decided_by for one in decisions})
    for one in applications:
        who = _CANDIDATE if one.passport_id else _SCHOOL
        yield Event(one.submitted_at, f"提交CET6资格复核（第{one.submitted_count}次）", who)
        if one.settled_by == "system" and one.settled_at:
            yield Event(one.settled_at, f"CET6资格{Application.State(one.state).label}", _SYSTEM)
    for decision in decisions:
        verdict, outcome = Decision.Verdict(decision.verdict).label, Decision.Outcome(decision.outcome).label
        what = f"CET6资格{verdict}（{outcome}）"
        yield Event(decision.decided_at, what, names.get(decision.decided_by, ""), decision.reason)


def _paid(desk: Desk, registrations: Sequence[Registration]) -> Iterator[Event]:
    for attempt in access.attempts(desk, registrations).exclude(state=Attempt.State.PAID):
        state = Attempt.State(attempt.state).label
        yield Event(attempt.started_at, f"去支付 ¥{yuan(attempt.amount)}：{state}", _CANDIDATE, _through(attempt))
    for one in access.allotments(desk, registrations).select_related("settlement__attempt__order__group", "refund"):
        attempt = one.settlement.attempt
        subject = subject_names(one.line.subject_id)
        group = attempt.order.group
        who, through = (group.made_by_name, f"集体缴费“{group.name}”，") if group else (_CANDIDATE, "")
        came, amount = "支付" if one.entry_id else "到账", f"¥{yuan(one.amount)}"
        what, note = f"{subject}{came} {amount}", through + _through(attempt)
        yield Event(one.settlement.settled_at, what, who, note)
        if one.refund:
            back, why = one.refund, BACK.get(one.refund.why, "")
            done = back.done_at or back.made_at
            yield Event(done, f"{subject}{back.get_state_display()} {amount}", _SYSTEM, why)


def _grouped(desk: Desk, registrations: Sequence[Registration]) -> Iterator[Event]:
    for pick in access.student_picks(desk, registrations).select_related("group"):
        subject, group = subject_names(pick.subject_id), pick.group
        yield Event(pick.picked_at, f"{subject}加入集体缴费", group.made_by_name, group.name)
        if pick.released_at:
            yield Event(pick.released_at, f"{subject}移出集体缴费", "", group.name)


def _through(attempt: Attempt) -> str:
    return f"{providers.NAMES[attempt.provider]}，订单号 {attempt.number}"

"""学校代报: a coordinator enters subjects for a candidate, by the same rules (rule C11)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit, switches
from baokao.core.raw import raw_connection
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.registration import facts, speaking, standing
from baokao.registration.audit import RegistrationAction
from baokao.registration.rules import EntryFacts, SubjectFacts
from baokao.registration.services import plan as plans
from baokao.registration.services.enter import judge
from baokao.registration.services.plan import Plan, Raw, Saved
from baokao.registration.services.refusals import CLOSED, NO_REGISTRATION, NOTHING_TO_ENTER, PAUSED
from baokao.registration.speaking import Home
from baokao.registration.standing import Bound


def enter_on_behalf(
    registration: uuid.UUID, written: Collection[str], places: Mapping[str, str], actor: str, now: datetime
) -> Saved:
    """Add written subjects by their codes, and speaking subjects with the code of a campus each, to what a registration
    holds; all of them or nothing. What it holds stays as it is. The candidate is mailed and may cancel them.

    `actor` is who does it. That the newest agreement is accepted is not asked: the candidate accepted one when the
    registration was saved, and does so again at the next step of their own (decision 61).
    Raises RefusedError: no such registration, the sitting is over, nothing new, and all that C2, C3, C7 and C8 say.
    """
    subject = f"registration:{registration}"
    with audit.refusals(RegistrationAction.ON_BEHALF_REFUSED, actor=actor, subject=subject, at=now):
        if switches.entries_paused():
            raise RefusedError(PAUSED)
        with transaction.atomic(), connection.wrap_database_errors:
            raw = raw_connection()
            bound = _lock(raw, registration)
            who = facts.Who.of(bound)
            found = facts.read(raw, who, "written", "speaking")
            asked = {one.code: one for one in facts.read(raw, who, "speaking", places=places)} if places else {}
            plan = _judge(found, frozenset(written), {code: asked.get(code) for code in places}, bound, now)
            if not plan.added:
                raise RefusedError(NOTHING_TO_ENTER)
            plans.write(raw, replace(plan, on_behalf=actor), bound, now)
        return plan.saved


def _lock(raw: Raw, registration: uuid.UUID) -> Bound:
    row = raw.execute(standing.LOCK_THIS, [registration], prepare=True).fetchone()
    if row is None:
        raise RefusedError(NO_REGISTRATION)
    bound = standing.bound_from(row)
    if not exams.is_open(bound.sitting):
        raise RefusedError(CLOSED)
    return bound


def _judge(
    found: Sequence[SubjectFacts],
    written: frozenset[str],
    asked: Mapping[str, SubjectFacts | None],
    bound: Bound,
    now: datetime,
) -> Plan:
    """`found` are all subjects as they are held now, `asked` the wanted speaking ones at the wanted campuses."""
    known = [one for one in found if one.kind == "written"]
    held = frozenset(one.code for one in known if one.entry)
    refusals: list[Refused] = []
    plan = Plan()
    try:
        plan = judge(known, held | written, bound, now)
    except RefusedError as refused:
        refusals += refused.refusals
    # A speaking subject may come together with its written one (rule C7).
    after = [_as_if_entered(one, now) if one.code in written else one for one in known]
    speaking_added, more = _judge_speaking(asked, after, bound.home, now)
    if refusals or more:
        raise RefusedError(*refusals, *more)
    return replace(plan, added=[*plan.added, *speaking_added])


def _judge_speaking(
    asked: Mapping[str, SubjectFacts | None], written: Sequence[SubjectFacts], home: Home, now: datetime
) -> tuple[list[SubjectFacts], list[Refused]]:
    added, refusals = [], []
    for code, there in asked.items():
        if there is None:
            refusals.append(Refused("not_offered", "本校区未开考。", about=code))
        elif there.entry is not None:
            refusals.append(Refused("entered", "该科目已报考。", "如需更换校区，请由考生本人更改。", about=code))
        else:
            added.append(there)
            refusals += speaking.refusals(there, home, written, now)
    return added, refusals


def _as_if_entered(one: SubjectFacts, now: datetime) -> SubjectFacts:
    if one.entry or one.offering is None:
        return one
    return replace(one, entry=EntryFacts("", "unpaid", one.offering, now, now))

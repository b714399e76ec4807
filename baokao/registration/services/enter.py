"""Saving written entries: the hottest way through the house (rules C2 to C4, C6, C7).

The registration is locked, all facts are read in one statement and the rules are asked; then the plan is written.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit, switches
from baokao.core.raw import raw_connection
from baokao.core.verdict import Refused, RefusedError
from baokao.registration import facts, rules, speaking
from baokao.registration.audit import RegistrationAction
from baokao.registration.rules import SubjectFacts
from baokao.registration.services import plan as plans
from baokao.registration.services.plan import Plan, Raw, Saved
from baokao.registration.services.refusals import PAUSED
from baokao.registration.standing import Bound


def save_entries(
    passport: uuid.UUID, sitting: str, codes: frozenset[str], now: datetime, along: frozenset[str] = frozenset()
) -> Saved:
    """Make the candidate's live written entries exactly those of `codes`, all of them or nothing (rule C4).

    A subject that is held already keeps its seat and its clock; one that is held and not asked for is given up, and
    takes its unpaid speaking entry along, whatever that campus's window (rule C7). `along` are the codes of speaking
    subjects that the candidate was told of and agreed to lose.
    Raises RefusedError with every refusal: the agreement (B2), the level rules (C2), each subject's own (C3), what
    can't be given up (C6), 已报满 for a seat that went to somebody else in this very moment, and, when nothing else
    stands in the way, the question whether the speaking subjects that go along may go (`takes_along`).
    """
    actor = f"passport:{passport.hex}"
    with audit.refusals(RegistrationAction.ENTRIES_REFUSED, actor=actor, subject=actor, sitting=sitting, at=now):
        if switches.entries_paused():
            raise RefusedError(PAUSED)
        with transaction.atomic(), connection.wrap_database_errors:
            raw = raw_connection()
            bound = plans.lock(raw, passport, sitting)
            who = facts.Who.of(bound)
            found = facts.read(raw, who, "written")
            plan = judge(found, codes, bound, now)
            if plan.given_up:
                plan.given_up.extend(_going_along(raw, who, plan, along))
            plans.write(raw, plan, bound, now)
        return plan.saved


def judge(found: Sequence[SubjectFacts], codes: frozenset[str], bound: Bound, now: datetime) -> Plan:
    """What comes of wishing the live written entries to be those of `codes`; `found` are the written subjects' facts.
    Raises RefusedError with every refusal."""
    wanted = [subject for subject in found if subject.code in codes]
    added = [subject for subject in wanted if subject.entry is None]
    given_up = [subject for subject in found if subject.entry and subject.code not in codes]
    refusals = rules.level_refusals(wanted, bound.allows_both_levels)
    refusals += [refusal for subject in added for refusal in rules.refusals(subject, now)]
    refusals += [refusal for subject in given_up for refusal in rules.giving_up_refusals(subject, now)]
    refusals += [
        Refused("not_offered", "本校区未开考。", about=code)
        for code in sorted(codes - {subject.code for subject in found})
    ]
    if refusals:
        raise RefusedError(*refusals)
    kept = [subject for subject in wanted if subject.entry]
    # No speaking entry stays without a written one, so none is left when no written one is.
    return Plan(added, given_up, kept, leaves_none=not (added or kept))


def _going_along(raw: Raw, who: facts.Who, plan: Plan, agreed: frozenset[str]) -> list[SubjectFacts]:
    """The speaking entries that go with the written ones. Raises RefusedError unless each was agreed to."""
    along = speaking.going_along(facts.read(raw, who, "speaking"), plan.given_up)
    # While a speaking entry is being paid its written entry can't go (rule C7).
    if locked := [refusal for subject in along for refusal in rules.locked_refusals(subject)]:
        raise RefusedError(*locked)
    if any(subject.code not in agreed for subject in along):
        raise RefusedError(speaking.going_along_question(along))
    return along

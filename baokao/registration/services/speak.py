"""Saving speaking entries, each at a campus of the candidate's choice (rules C3, C4, C6 to C8)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit, switches
from baokao.core.raw import raw_connection
from baokao.core.verdict import Refused, RefusedError
from baokao.registration import facts, rules, speaking
from baokao.registration.audit import RegistrationAction
from baokao.registration.rules import SubjectFacts
from baokao.registration.services import plan as plans
from baokao.registration.services.plan import Plan, Saved
from baokao.registration.services.refusals import PAUSED
from baokao.registration.speaking import Home


def save_speaking(passport: uuid.UUID, sitting: str, places: Mapping[str, str], now: datetime) -> Saved:
    """Make the candidate's live speaking entries exactly those of `places`, campus codes by subject code; all or none.

    A subject that is held at that campus already keeps its seat and its clock; at another campus it moves, without
    a new clock (rule C4); one that is held and not asked for is given up, within its own campus's window (rule C7).
    Raises RefusedError with every refusal: the agreement (B2), each subject's own (C3, C7, C8), what can't be given up
    (C6), and 已报满 for a seat that went to somebody else in this very moment.
    """
    actor = f"passport:{passport.hex}"
    with audit.refusals(RegistrationAction.ENTRIES_REFUSED, actor=actor, subject=actor, sitting=sitting, at=now):
        if switches.entries_paused():
            raise RefusedError(PAUSED)
        with transaction.atomic(), connection.wrap_database_errors:
            raw = raw_connection()
            bound = plans.lock(raw, passport, sitting)
            who = facts.Who.of(bound)
            standing = facts.read(raw, who, "written", "speaking")
            asked = {one.code: one for one in facts.read(raw, who, "speaking", places=places)} if places else {}
            plan = _judge(standing, {code: asked.get(code) for code in places}, bound.home, now)
            plans.write(raw, plan, bound, now)
        return plan.saved


def _judge(
    standing: Sequence[SubjectFacts], asked: Mapping[str, SubjectFacts | None], home: Home, now: datetime
) -> Plan:
    """`standing` are all subjects as they are held now, `asked` the wanted ones at the wanted campuses, None where
    there is no such subject or campus."""
    written = [one for one in standing if one.kind == "written"]
    held = {one.code: one for one in standing if one.kind == "speaking" and one.entry}
    plan, refusals = Plan(), []
    for code, there in asked.items():
        if there is None:
            refusals.append(Refused("not_offered", "本校区未开考。", about=code))
        elif there.entry and there.entry.offering == there.offering:
            plan.kept.append(there)
        else:
            # Moving to another campus does not renew the clock of the seat that is given up for it (rule C4).
            if there.entry:
                there = replace(there, first_hold=there.entry.held_until, given_up_at=now)
            plan.added.append(replace(there, entry=None))
            refusals += speaking.refusals(there, home, written, now)
    stays = {one.code for one in plan.kept}
    plan.given_up.extend(one for code, one in held.items() if code not in stays)
    refusals += [refusal for one in plan.given_up for refusal in rules.giving_up_refusals(one, now)]
    if refusals:
        raise RefusedError(*refusals)
    return plan

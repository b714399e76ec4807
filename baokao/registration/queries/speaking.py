"""What the speaking page shows: a section for each speaking subject, with the campus in question (rule C8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from baokao.core import switches
from baokao.core.raw import rows
from baokao.core.verdict import Refused
from baokao.exams import queries as exams
from baokao.registration import facts, rules, speaking
from baokao.registration.queries.campuses import Choice, choices
from baokao.registration.queries.rows import errors, subject_row
from baokao.registration.rules import SubjectFacts
from baokao.registration.services.refusals import PAUSED
from baokao.registration.standing import Bound

# What no other campus could mend: said instead of a choice of campuses.
_WHEREVER = ("no_written", "restricted", "no_exam_date")


@dataclass(frozen=True)
class Chosen:
    """What the candidate chose and hasn't submitted: campus codes by subject, and the boxes that are ticked, None
    before anything was chosen."""

    places: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] | None = None

    @property
    def query(self) -> str:
        """The choice as the query of an address."""
        return urlencode([*self.places.items(), *(("tick", code) for code in sorted(self.ticked or ()))])

    def moved(self, code: str, campus: str) -> "Chosen":
        """The same with another campus for one subject, whose box is ticked: who chooses means to enter."""
        return Chosen({**self.places, code: campus}, (self.ticked or frozenset()) | {code})


def speaking_page(
    bound: Bound, held: Mapping[str, str], chosen: Chosen, refused: Sequence[Refused], now: datetime
) -> dict[str, Any]:
    """The sections of rule C8. `held` are the campuses of the live speaking entries by subject; `refused` says why what
    was just submitted wasn't saved."""
    who = facts.Who.of(bound)
    # An address may name campuses that there aren't; the page is shown without them.
    chosen = replace(chosen, places=exams.existing(chosen.places) if chosen.places else {})
    found = facts.from_rows(rows(facts.STATEMENT, who.parameters("written", "speaking", places=chosen.places)), who)
    written = [one for one in found if one.kind == "written"]
    offered = [one for one in found if one.kind == "speaking"]
    # Speaking of other languages than English concerns few; it is shown to those whom it does.
    shown = [one for one in offered if one.language == "English" or one.eligible or one.entry]
    sections = [_section(one, bound, written, chosen, refused, now) for one in shown]
    for section in sections:
        section["keeps"] = _keeps(section, held.get(section["code"]))
    submitted = [section["row"] for section in sections if section["row"]]
    return {
        "instructions": exams.instructions(bound.sitting, "speaking"),
        "province_notice": exams.province_notice(bound.sitting, bound.province),
        "contacts": exams.contacts(bound.written_campus[0]),
        "sections": sections,
        "errors": errors(refused, offered),
        "can_submit": any(not row["disabled"] for row in submitted),
        "paused": PAUSED.message if switches.entries_paused() else None,
        "light_campuses": sorted({row["campus"][0] for row in submitted if row["light"]}),
        "sitting_code": bound.sitting,
    }


def _section(
    subject: SubjectFacts,
    bound: Bound,
    written: Sequence[SubjectFacts],
    chosen: Chosen,
    refused: Sequence[Refused],
    now: datetime,
) -> dict[str, Any]:
    home, held = bound.home, subject.entry is not None
    here = subject.entry is not None and subject.entry.offering == subject.offering
    refusals = speaking.refusals(subject, home, written, now)
    section: dict[str, Any] = {
        "code": subject.code,
        "name": subject.name,
        "exam_on": subject.exam_on,
        "not_eligible": None if subject.eligible or held else speaking.not_eligible(subject),
        "blocked": [] if held else [one.message + one.remedy for one in refusals if one.code in _WHEREVER],
        "row": None,
        "may_choose": False,
        "choices": [],
        "school_notice": None,
    }
    if section["not_eligible"] or section["blocked"]:
        return section
    section["may_choose"] = not home.stays
    if subject.offering is not None and not any(one.code == "not_admitted" for one in refusals):
        reasons = rules.giving_up_refusals(subject, now) if here else refusals
        checked = here if chosen.ticked is None else subject.code in chosen.ticked
        checked = (checked and (here or not reasons)) or (here and bool(reasons))
        section["row"] = subject_row(subject, reasons, checked, refused, now)
        section["school_notice"] = exams.school_notice(bound.sitting, subject.school[0])
    elif home.stays:
        section["choices"] = _linked(chosen, subject.code, own_campuses(bound, subject.code, now))
    return section


def _keeps(section: dict[str, Any], held: str | None) -> str | None:
    """The campus to send along for a subject that is held and whose box can't be changed: a box that is disabled isn't
    submitted, and what isn't submitted is given up."""
    free = section["row"] is not None and not section["row"]["disabled"]
    return None if free else held


def _linked(chosen: Chosen, code: str, campuses: Sequence[Choice]) -> list[dict[str, Any]]:
    """Each campus with the address of the page on which it is chosen."""
    page = reverse("my:speaking")
    return [{"campus": one, "url": f"{page}?{chosen.moved(code, one.code).query}#s-{code}"} for one in campuses]


def own_campuses(bound: Bound, code: str, now: datetime) -> list[Choice]:
    """The campuses of the own school that offer the subject, for who may go nowhere else."""
    opened, later, _ = choices(bound, code, "", now)
    return [*opened, *later]


def campuses_page(bound: Bound, code: str, find: str, chosen: Chosen, now: datetime) -> dict[str, Any]:
    """选择报名校区: the campuses open now to this candidate for the subject, those opening later below (rule C8)."""
    opened, later, more = choices(bound, code, find, now)
    return {
        "code": code,
        "name": exams.subject_names()[code],
        "find": find,
        "carried": [*chosen.places.items(), *(("tick", ticked) for ticked in sorted(chosen.ticked or ()))],
        "opened": _linked(chosen, code, opened),
        "later": [{"campus": one, "url": ""} for one in later],
        "more": more,
        "back": chosen.query,
        "light_provinces": sorted({one.code[:2] for one in opened}),
        "sitting_code": bound.sitting,
    }

"""What a looked-up record could do now, before anybody saves it: eligible subjects, and whether anything is open."""

from dataclasses import dataclass
from datetime import datetime

from baokao.core.raw import rows
from baokao.core.verdict import Refused
from baokao.exams.rules import Person
from baokao.registration import facts, rules
from baokao.roster.models import StudentRecord
from baokao.roster.rules import eligible_subjects


@dataclass(frozen=True)
class Opening:
    """`eligible` codes less what is restricted, as shown (rule B11); `kept` codes as a snapshot keeps them, without
    restrictions (rule B8); `closed` why nothing can be saved at this moment, None while something is open (rule B6)."""

    eligible: str
    kept: str
    closed: Refused | None


def read(record: StudentRecord, now: datetime) -> Opening:
    """The record's opening, in one statement."""
    campus = record.written_campus
    person = Person(record.campus.school_id, record.grade, record.degree)
    who = facts.Who(record.sitting_id, None, campus.school_id, campus.code, person, "", "", "")
    found = facts.from_rows(rows(facts.STATEMENT, who.parameters("written", "speaking")), who)
    # A speaking test may be taken at another campus, so it counts wherever the sitting has it (rules B11, C8).
    offered = "".join(
        one.code for one in found if (one.exam_on if one.kind == "speaking" else one.offering is not None)
    )
    return Opening(
        eligible=eligible_subjects(*record.sources, record.restricted, offered),
        kept=eligible_subjects(*record.sources, "", offered),
        closed=_closed([one for one in found if one.kind == "written" and one.offering is not None], now),
    )


def _closed(written: list[rules.SubjectFacts], now: datetime) -> Refused | None:
    """Open means that any written offering of the campus has an open window for this person."""
    reason = rules.closed_reason([span for subject in written for span in subject.spans], now)
    if reason is None:
        return None
    return Refused("closed", reason, "届时请重新查询并保存。" if "开始" in reason else "")

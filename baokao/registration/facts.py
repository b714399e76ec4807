"""All that decides a candidate's entries, read in one statement and handed to the pure rules (rules C1, C3, C13)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from baokao.core.raw import prepared
from baokao.exams.rules import Person, Piece, Span, window
from baokao.registration.rules import EntryFacts, SubjectFacts
from baokao.registration.standing import Bound

# What each setter set for a subject (`sub`, in the sitting `ss`) at a campus (`c` of the school `s`), as JSON.
PIECES = """
       (SELECT json_agg(json_build_array(w.setter, w.opens_at, w.closes_at, w.pay_until, w."group", w.group_value))
          FROM exams_windowpiece w
         WHERE w.sitting_id = ss.sitting_id AND w.kind = sub.kind
           AND (w.subject_id IS NULL OR w.subject_id = sub.code)
           AND (w.setter = 'national' OR w.province_id = s.province_id OR w.school_id = s.code
                OR w.campus_id = c.code))
"""
# Every subject of the sitting at one campus: the one that is asked about, else where it is entered already, else that
# which the school names for the subject, else the written campus. Pieces set for all of a kind and pieces set for the
# subject both count. What was given up counts in an earlier registration of the same passport and record too, so that
# ending one and saving again renews no clock (rule C4).
STATEMENT = f"""
SELECT sub.code, sub.name, sub.level, sub.language, sub.kind, ss.exam_on,
       c.code, c.name, s.code, s.name, s.province_id, c.speaking_inbound, o.id, o.fee, o.capacity, o.taken,
       {PIECES},
       e.id::text, e.state, e.offering_id, e.made_at, e.held_until, e.lock, e.fee,
       (SELECT ARRAY[g.held_until, g.ended_at] FROM registration_entry g
         WHERE g.registration_id = ANY(ARRAY(SELECT own.id FROM registration_registration own
                                              WHERE own.record_id = %(record)s AND own.passport_id = %(passport)s))
           AND g.subject_id = sub.code AND g.state = 'cancelled'
         ORDER BY g.ended_at DESC, g.made_at DESC LIMIT 1)
  FROM exams_sittingsubject ss
  JOIN exams_subject sub ON sub.code = ss.subject_id
  LEFT JOIN exams_subjectcampus named
    ON named.sitting_id = ss.sitting_id AND named.subject_id = sub.code AND named.school_id = %(school)s
  LEFT JOIN registration_entry e
    ON e.registration_id = %(registration)s AND e.subject_id = sub.code AND e.state IN ('unpaid', 'paid')
  LEFT JOIN exams_offering held ON held.id = e.offering_id
  JOIN exams_campus c
    ON c.code = coalesce(%(places)s::jsonb ->> sub.code, held.campus_id, named.campus_id, %(campus)s)
  JOIN exams_school s ON s.code = c.school_id
  LEFT JOIN exams_offering o
    ON o.sitting_id = ss.sitting_id AND o.campus_id = c.code AND o.subject_id = sub.code AND o.offered
 WHERE ss.sitting_id = %(sitting)s AND sub.kind = ANY(%(kinds)s)
 ORDER BY sub.position
"""  # noqa: S608 (put together from constants of this file)


@dataclass(frozen=True)
class Who:
    """For whom the facts are read: a bound candidate, or a record that isn't bound yet (`registration`, `record` and
    `passport` None)."""

    sitting: str
    registration: UUID | None
    school: str
    campus: str
    person: Person
    eligible: str
    restricted: str
    restriction_reason: str
    record: UUID | None = None
    passport: UUID | None = None

    @classmethod
    def of(cls, bound: Bound) -> "Who":
        """A bound candidate: eligibility from the snapshot, restrictions of today (rule B8)."""
        school, campus = bound.written_school[0], bound.written_campus[0]
        return cls(
            bound.sitting,
            bound.id,
            school,
            campus,
            bound.person,
            bound.subjects,
            bound.restricted,
            bound.restriction_reason,
            bound.record,
            bound.passport,
        )

    def parameters(self, *kinds: str, places: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What `STATEMENT` is asked with; `kinds` are written, speaking, or both; `places` are campuses to ask about
        by subject, where not those that go without saying (rule C8)."""
        return {
            "registration": self.registration,
            "record": self.record,
            "passport": self.passport,
            "sitting": self.sitting,
            "school": self.school,
            "campus": self.campus,
            "kinds": list(kinds),
            "places": json.dumps(dict(places or {})),
        }


def read(raw: Connection[Any], who: Who, *kinds: str, places: Mapping[str, str] | None = None) -> list[SubjectFacts]:
    """The facts of all subjects of the kinds, read on the connection of a transaction that locked the registration."""
    return from_rows(prepared(raw, STATEMENT, who.parameters(*kinds, places=places)).fetchall(), who)


def from_rows(rows: Sequence[Sequence[Any]], who: Who) -> list[SubjectFacts]:
    """The facts, subject by subject in the subjects' order, from the rows that `STATEMENT` answers."""
    return [_facts(row, who) for row in rows]


def _facts(row: Sequence[Any], who: Who) -> SubjectFacts:
    code, name, level, language, kind, exam_on = row[:6]
    campus, campus_name, school, school_name, province, inbound, offering, fee, capacity, taken, pieces = row[6:17]
    entry, state, entered_at, made_at, held_until, lock, paid, given_up = row[17:]
    first_hold, given_up_at = given_up or (None, None)
    return SubjectFacts(
        code=code,
        name=name,
        level=level,
        language=language,
        kind=kind,
        exam_on=exam_on,
        eligible=code in who.eligible,
        restriction=who.restriction_reason if code in who.restricted else None,
        offering=offering,
        campus=(campus, campus_name),
        school=(school, school_name),
        province=province,
        inbound=inbound,
        fee=fee,
        capacity=capacity or 0,
        taken=taken or 0,
        spans=spans(pieces, who.person, school),
        entry=EntryFacts(entry, state, entered_at, made_at, held_until, lock, paid) if entry else None,
        first_hold=first_hold,
        given_up_at=given_up_at,
    )


def spans(pieces: Sequence[Sequence[str]] | None, person: Person, school: str) -> list[Span]:
    """The person's window at an offering of that school, from the pieces as a statement's JSON has them."""
    return window([_piece(values) for values in pieces or ()], person, school)


def _piece(values: Sequence[str]) -> Piece:
    setter, opens_at, closes_at, pay_until, group, group_value = values
    moments = [datetime.fromisoformat(moment) for moment in (opens_at, closes_at, pay_until)]
    return Piece(setter, moments[0], moments[1], moments[2], group, group_value)

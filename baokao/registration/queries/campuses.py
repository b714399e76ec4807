"""The campuses at which a candidate may take a speaking subject: open now, and opening later (rule C8)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baokao.core.raw import rows
from baokao.exams.rules import Light, light, next_span, open_span
from baokao.registration import facts
from baokao.registration.speaking import closed_to
from baokao.registration.standing import Bound, Place

# More are found by name or code; a phone's list of a whole province helps nobody.
MOST = 50
_LONGEST = 60

# Campuses that the rule could admit at all, so that the country's others needn't be read; the rule decides.
_STATEMENT = """
SELECT c.code, c.name, s.code, s.name, s.province_id, c.speaking_inbound, o.capacity, o.taken,
       (SELECT json_agg(json_build_array(w.setter, w.opens_at, w.closes_at, w.pay_until, w."group", w.group_value))
          FROM exams_windowpiece w
         WHERE w.sitting_id = o.sitting_id AND w.kind = 'speaking'
           AND (w.subject_id IS NULL OR w.subject_id = o.subject_id)
           AND (w.setter = 'national' OR w.province_id = s.province_id OR w.school_id = s.code
                OR w.campus_id = c.code))
  FROM exams_offering o
  JOIN exams_campus c ON c.code = o.campus_id
  JOIN exams_school s ON s.code = c.school_id
 WHERE o.sitting_id = %(sitting)s AND o.subject_id = %(subject)s AND o.offered
   AND (s.province_id = %(province)s OR c.speaking_inbound = 'nation')
   AND (c.code LIKE %(prefix)s OR c.name ILIKE %(part)s OR s.name ILIKE %(part)s)
"""


@dataclass(frozen=True)
class Choice:
    """A campus of the list; `closes_at` while it is open, `opens_at` while it has yet to open."""

    campus: Place
    school: Place
    own: bool
    light: Light
    closes_at: datetime | None
    opens_at: datetime | None

    @property
    def code(self) -> str:
        return self.campus[0]


def choices(bound: Bound, subject: str, find: str, now: datetime) -> tuple[list[Choice], list[Choice], int]:
    """The campuses open now to this candidate, the own school's first and those with free seats before the full; those
    that open later, the earliest first; and how many open ones were left off.

    `find` is the beginning of a campus's code, or a part of its or its school's name; empty finds all.
    """
    part = find.strip()[:_LONGEST].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = rows(
        _STATEMENT,
        {
            "sitting": bound.sitting,
            "subject": subject,
            "province": bound.province,
            "prefix": f"{part}%",
            "part": f"%{part}%",
        },
    )
    admitted = [_choice(row, bound, now) for row in found if closed_to(bound.home, row[2], row[4], row[5]) is None]
    opened = sorted(
        (one for one in admitted if one.closes_at), key=lambda one: (not one.own, one.light == Light.NONE, one.code)
    )
    later = sorted((one for one in admitted if one.opens_at), key=lambda one: (one.opens_at, one.code))
    return opened[:MOST], later[:MOST], max(0, len(opened) - MOST)


def _choice(row: tuple[Any, ...], bound: Bound, now: datetime) -> Choice:
    campus, campus_name, school, school_name, _, _, capacity, taken, pieces = row
    spans = facts.spans(pieces, bound.person, school)
    current, coming = open_span(spans, now), next_span(spans, now)
    return Choice(
        campus=(campus, campus_name),
        school=(school, school_name),
        own=school == bound.school[0],
        light=light(capacity, taken),
        closes_at=current.closes_at if current else None,
        opens_at=coming.opens_at if coming and not current else None,
    )

"""All that decides a review, read for pages and again by services under the record's lock (rules E1 to E5)."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from baokao.core.raw import rows
from baokao.exams.rules import Person, Piece, window
from baokao.review.rules import Case, ScoreFacts
from baokao.roster.models import PastScore, StudentRecord

# The campus where 英语六级笔试 would be entered: that which the school names for it, else the record's written campus
# (rule C1). Pieces set for all written subjects and pieces set for this one both count (rule C13).
_CASE = """
SELECT EXISTS (SELECT FROM exams_offering o
                WHERE o.sitting_id = r.sitting_id AND o.campus_id = c.code AND o.subject_id = '2' AND o.offered),
       strpos(r.subjects_restricted || r.subjects_barred, '2') > 0,
       concat_ws('；', CASE WHEN strpos(r.subjects_barred, '2') > 0 THEN nullif(r.barred_reason, '') END,
                 CASE WHEN strpos(r.subjects_restricted, '2') > 0 THEN nullif(r.restriction_reason, '') END),
       rs.school_id, r.grade, r.degree, s.code,
       (SELECT json_agg(json_build_array(w.setter, w.opens_at, w.closes_at, w.pay_until, w."group", w.group_value))
          FROM exams_windowpiece w
         WHERE w.sitting_id = r.sitting_id AND w.kind = 'written' AND (w.subject_id IS NULL OR w.subject_id = '2')
           AND (w.setter = 'national' OR w.province_id = s.province_id OR w.school_id = s.code
                OR w.campus_id = c.code)),
       coalesce((SELECT a.state FROM review_application a
                  WHERE a.sitting_id = r.sitting_id AND a.passport_id = %(passport)s AND a.record_id = r.id
                    AND a.state <> 'withdrawn'), ''),
       EXISTS (SELECT FROM review_application a
                WHERE a.sitting_id = r.sitting_id AND a.passport_id = %(passport)s AND a.record_id <> r.id
                  AND a.state <> 'withdrawn')
  FROM roster_studentrecord r
  JOIN exams_campus wc ON wc.code = r.written_campus_id
  JOIN exams_campus rs ON rs.code = r.campus_id
  LEFT JOIN exams_subjectcampus named
    ON named.sitting_id = r.sitting_id AND named.subject_id = '2' AND named.school_id = wc.school_id
  JOIN exams_campus c ON c.code = coalesce(named.campus_id, wc.code)
  JOIN exams_school s ON s.code = c.school_id
 WHERE r.id = %(record)s
"""


def case(record: uuid.UUID, passport: uuid.UUID | None, eligible: str) -> Case:
    """The case of this passport (None: the school applies) for this record, in one statement.

    `eligible` are the codes that may be entered as things stand, which the registration app knows (rules B8, B11).
    """
    [row] = rows(_CASE, {"record": record, "passport": passport})
    offered, restricted, reason, school, grade, degree, at_school, pieces, own, other = row
    return Case(
        offered=offered,
        eligible="2" in eligible,
        restriction=reason if restricted else None,
        own=own,
        other=other,
        spans=window([_piece(values) for values in pieces or ()], Person(school, grade, degree), at_school),
    )


def score(ticket: str, record: StudentRecord) -> ScoreFacts | None:
    """The past score under a ticket number, held against the record's ID number and name, normalised (rule B3)."""
    found = PastScore.objects.filter(ticket_number=ticket).first()
    if found is None:
        return None
    numbers = PastScore.id_number.search(record.id_number) if record.id_number else []
    return ScoreFacts(
        subject=found.subject_code,
        score=found.score,
        same_number=bytes(found.id_number_digest) in numbers,
        same_name=found.name_key == record.name_key,
    )


def _piece(values: Sequence[Any]) -> Piece:
    setter, opens_at, closes_at, pay_until, group, group_value = values
    moments = [datetime.fromisoformat(moment) for moment in (opens_at, closes_at, pay_until)]
    return Piece(setter, moments[0], moments[1], moments[2], group, group_value)

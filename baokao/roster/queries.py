"""Reads of the roster."""

import uuid

from baokao.core.crypto.digests import digests
from baokao.core.raw import columns, instance, rows
from baokao.exams.models import Campus, Province, School
from baokao.roster.imports.merging import PASSING
from baokao.roster.models import Photo, StudentRecord
from baokao.roster.rules import name_key, number_key

# Answers one row whether or not there is such a number, so that a miss costs the same however it misses (proof e2).
_PROBE = """
SELECT r.id, r.id_type, r.name_key
  FROM (SELECT 1) one LEFT JOIN roster_studentrecord r
    ON r.sitting_id = %s AND r.id_number_digest = ANY(%s) AND r.removed_at IS NULL
 LIMIT 1
"""
# Stands on the way of every candidate, so it is prepared; the ORM would have put it together anew each time.
_RECORD = f"""
SELECT {columns(StudentRecord, "r")}, {columns(Campus, "c")}, {columns(School, "s")}, {columns(Province, "p")},
       {columns(Campus, "wc")}, {columns(School, "ws")}, EXISTS (SELECT FROM roster_photo f WHERE f.record_id = r.id)
  FROM roster_studentrecord r
  JOIN exams_campus c ON c.code = r.campus_id
  JOIN exams_school s ON s.code = c.school_id
  JOIN exams_province p ON p.code = s.province_id
  JOIN exams_campus wc ON wc.code = r.written_campus_id
  JOIN exams_school ws ON ws.code = wc.school_id
 WHERE r.id = %s AND r.removed_at IS NULL
"""  # noqa: S608 (put together from the models' own columns)

_PASSED = f"""
SELECT EXISTS (SELECT FROM roster_pastscore p WHERE p.id_number_digest = ANY(%s) AND p.name_key = %s AND {PASSING})
"""  # noqa: S608


def find_record(sitting: str, id_type: str, number: str, name: str) -> StudentRecord | None:
    """The record of the sitting that all three name, compared after normalising (rule B3); None for any miss."""
    [(record, its_type, its_name)] = rows(_PROBE, [sitting, digests("id_number", number_key(number))])
    # Each comparison is made, whatever the one before it said.
    matches = (record is not None, its_type == id_type, its_name == name_key(name))
    return record_of(record) if all(matches) else None


def record_of(record: uuid.UUID) -> StudentRecord | None:
    """A record that stands in its roster now, with its places, and with `photographed`."""
    found = rows(_RECORD, [record])
    if not found:
        return None
    values = iter(found[0])
    read = instance(StudentRecord, values)
    read.campus = instance(Campus, values)
    read.campus.school = instance(School, values)
    read.campus.school.province = instance(Province, values)
    read.written_campus = instance(Campus, values)
    read.written_campus.school = instance(School, values)
    read.photographed = next(values)  # type: ignore[attr-defined]
    return read


def has_photo(record: uuid.UUID) -> bool:
    """Whether the record has a photo, without reading it."""
    return bool(rows("SELECT EXISTS (SELECT FROM roster_photo WHERE record_id = %s)", [record])[0][0])


def photo_of(record: uuid.UUID) -> bytes | None:
    """The JPEG of a record."""
    found = Photo.objects.filter(record_id=record).values_list("jpeg", flat=True).first()
    return bytes(found) if found else None


def passed_before(number: str, key: str) -> bool:
    """Whether the past scores hold a CET-4 written of 425 or more of 2005 or later for this number and name (B11)."""
    return bool(rows(_PASSED, [digests("id_number", number), key])[0][0])

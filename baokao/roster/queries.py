"""Reads of the roster."""

import uuid

from django.db.models import Exists, OuterRef, QuerySet

from baokao.core.crypto.digests import digests
from baokao.core.raw import rows
from baokao.roster.models import Photo, StudentRecord
from baokao.roster.rules import name_key, number_key

# Answers one row whether or not there is such a number, so that a miss costs the same however it misses (proof e2).
_PROBE = """
SELECT r.id, r.id_type, r.name_key
  FROM (SELECT 1) one LEFT JOIN roster_studentrecord r
    ON r.sitting_id = %s AND r.id_number_digest = ANY(%s) AND r.removed_at IS NULL
 LIMIT 1
"""


def find_record(sitting: str, id_type: str, number: str, name: str) -> StudentRecord | None:
    """The record of the sitting that all three name, compared after normalising (rule B3); None for any miss."""
    [(record, its_type, its_name)] = rows(_PROBE, [sitting, digests("id_number", number_key(number))])
    # Each comparison is made, whatever the one before it said.
    matches = (record is not None, its_type == id_type, its_name == name_key(name))
    return record_of(record) if all(matches) else None


def record_of(record: uuid.UUID) -> StudentRecord | None:
    """A record that stands in its roster now."""
    return _living().filter(id=record).first()


def has_photo(record: uuid.UUID) -> bool:
    """Whether the record has a photo, without reading it."""
    return Photo.objects.filter(record_id=record).exists()


def photo_of(record: uuid.UUID) -> bytes | None:
    """The JPEG of a record."""
    found = Photo.objects.filter(record_id=record).values_list("jpeg", flat=True).first()
    return bytes(found) if found else None


def _living() -> QuerySet[StudentRecord]:
    """Records that stand in their roster now, with their places, and with `photographed`."""
    photo = Exists(Photo.objects.filter(record=OuterRef("pk")))
    living = StudentRecord.objects.filter(removed_at__isnull=True).annotate(photographed=photo)
    return living.select_related("campus__school__province", "written_campus__school")

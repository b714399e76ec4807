"""Reads of the roster."""

import uuid

from django.db.models import Q, QuerySet

from baokao.core.crypto.digests import digests
from baokao.exams.models import Subject
from baokao.roster.models import Photo, StudentRecord
from baokao.roster.rules import eligible_subjects, name_key, number_key


def find_record(sitting: str, id_type: str, number: str, name: str) -> StudentRecord | None:
    """The record of the sitting that all three name, compared after normalising (rule B3); None for any miss."""
    wanted = digests("id_number", number_key(number))
    record = _living().filter(sitting_id=sitting, id_number_digest__in=wanted).first()
    if record is None or record.id_type != id_type or record.name_key != name_key(name):
        return None
    return record


def record_of(record: uuid.UUID) -> StudentRecord | None:
    """A record that stands in its roster now."""
    return _living().filter(id=record).first()


def offered_at(record: StudentRecord) -> str:
    """Codes of the written subjects that the record's campus offers, and of the speaking ones that the sitting has:
    a speaking test may be taken at another campus (rules B11, C8)."""
    campus = Q(offering__campus_id=record.written_campus_id, offering__sitting_id=record.sitting_id)
    speaking = Q(kind="speaking", sittingsubject__sitting_id=record.sitting_id, sittingsubject__exam_on__isnull=False)
    return "".join(Subject.objects.filter(campus | speaking).distinct().values_list("code", flat=True))


def subjects_of(record: StudentRecord) -> str:
    """Codes of the eligible subjects, of every source and less what is restricted (rule B11)."""
    sources = (record.subjects_given, record.subjects_by_score, record.subjects_by_review)
    return eligible_subjects(*sources, record.subjects_restricted, offered_at(record))


def has_photo(record: uuid.UUID) -> bool:
    """Whether the record has a photo, without reading it."""
    return Photo.objects.filter(record_id=record).exists()


def photo_of(record: uuid.UUID) -> bytes | None:
    """The JPEG of a record."""
    found = Photo.objects.filter(record_id=record).values_list("jpeg", flat=True).first()
    return bytes(found) if found else None


def _living() -> QuerySet[StudentRecord]:
    return StudentRecord.objects.filter(removed_at__isnull=True).select_related(
        "campus__school__province", "written_campus__school"
    )

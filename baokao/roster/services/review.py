"""What a passed review gives a record (rules B11, E3). The review app writes the audit row of it."""

import uuid

from baokao.exams.models import SittingSubject
from baokao.roster.models import StudentRecord
from baokao.roster.rules import GIVEN_BY_SCORE, order_subjects


def lock_record(record: uuid.UUID) -> StudentRecord | None:
    """The record's row, locked until the transaction ends (docs/locking.md, 2), removed from its roster or not."""
    return StudentRecord.objects.select_for_update(no_key=True, of=("self",)).filter(id=record).first()


def give_by_review(record: StudentRecord) -> str:
    """Give 英语六级笔试, and 英语六级口试 where the sitting has it, to a record that the caller has locked.

    Returns the codes that it has by review now. They are never taken away again (rules E7, G3).
    """
    in_sitting = SittingSubject.objects.filter(sitting_id=record.sitting_id, subject_id__in=GIVEN_BY_SCORE)
    given = set(in_sitting.values_list("subject_id", flat=True)) | {GIVEN_BY_SCORE[0]}
    record.subjects_by_review = order_subjects({*record.subjects_by_review, *given})
    record.save(update_fields=["subjects_by_review"])
    return record.subjects_by_review

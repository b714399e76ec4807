"""Student records, their photos, and past scores."""

import uuid

from django.db import models
from django.db.models import Q

from baokao.core.crypto.fields import SealedText
from baokao.exams.models import Campus, Sitting
from baokao.passport.idtypes import IdType
from baokao.roster.rules import eligible_subjects, order_subjects


class StudentRecord(models.Model):
    """学籍, one row a student a sitting. One ID number stands in one record; two schools claiming it is a conflict.

    Subjects are strings of subject codes in the subjects' order, such as `14F`: what the roster gives, what past scores
    and reviews add, and what is restricted (rule B11). `row_digest` is a keyed digest of the whole imported row, by
    which the same row is known again, since ciphertexts always differ.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    id_type = models.CharField(max_length=1, choices=IdType)
    # Who it was is blanked when its time is over (rule H5).
    id_number_sealed = models.BinaryField(null=True)
    id_number_digest = models.BinaryField(null=True)
    id_number = SealedText("id_number")
    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=60)
    gender = models.CharField(max_length=1)
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="+")
    written_campus = models.ForeignKey(Campus, models.PROTECT, related_name="+")
    degree = models.CharField(max_length=20, blank=True)
    length = models.CharField(max_length=10, blank=True)
    entry_year = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    department = models.CharField(max_length=60, blank=True)
    major = models.CharField(max_length=60, blank=True)
    class_name = models.CharField(max_length=40, blank=True)
    student_no = models.CharField(max_length=40, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    subjects_given = models.CharField(max_length=36, blank=True)
    subjects_by_score = models.CharField(max_length=36, blank=True, default="", db_default="")
    subjects_by_review = models.CharField(max_length=36, blank=True, default="", db_default="")
    subjects_restricted = models.CharField(max_length=36, blank=True)
    restriction_reason = models.CharField(max_length=100, blank=True)
    # What the national office restricts, which nothing that a school sends or edits can lift (rule G3).
    subjects_barred = models.CharField(max_length=36, blank=True, default="", db_default="")
    barred_reason = models.CharField(max_length=100, blank=True, default="", db_default="")
    row_digest = models.BinaryField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "id_number_digest"],
                condition=Q(removed_at__isnull=True),
                name="one_record_an_id_number",
            ),
            models.CheckConstraint(condition=Q(gender__in=["男", "女"]), name="record_gender_is_known"),
        ]
        indexes = [models.Index(fields=["sitting", "campus"], name="records_of_a_campus")]

    @property
    def sources(self) -> tuple[str, str, str]:
        """Codes of what makes eligible: what the roster gives, what past scores give, what a review gave (rule B11)."""
        return self.subjects_given, self.subjects_by_score, self.subjects_by_review

    @property
    def eligible(self) -> str:
        """Codes of the sources, less what is restricted; for desks, which don't ask here what is offered."""
        return eligible_subjects(*self.sources, self.restricted, None)

    @property
    def restricted(self) -> str:
        """Codes of all subjects that this student may not enter, whoever said so (rule B11)."""
        return order_subjects(self.subjects_restricted + self.subjects_barred)

    @property
    def restricted_why(self) -> str:
        """The reasons of both, the national office's first, as the candidate reads them."""
        return "；".join(filter(None, (self.barred_reason, self.restriction_reason)))


class Photo(models.Model):
    """照片 of a record: a JPEG, not part of what saving keeps (rule B8)."""

    record = models.OneToOneField(StudentRecord, models.CASCADE, primary_key=True)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    jpeg = models.BinaryField()


class PastScore(models.Model):
    """A written score of an earlier sitting, by its ticket number (facts, Past scores)."""

    ticket_number = models.CharField(primary_key=True, max_length=15)
    id_type = models.CharField(max_length=1, choices=IdType)
    id_number_sealed = models.BinaryField()
    id_number_digest = models.BinaryField()
    id_number = SealedText("id_number")
    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=60)
    subject_code = models.CharField(max_length=1)
    score = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["id_number_digest"], name="scores_of_an_id_number"),
            # A coordinator who applies on behalf searches by the candidate's name too (rule E6).
            models.Index(fields=["name_key"], name="scores_of_a_name"),
        ]
        constraints = [models.CheckConstraint(condition=Q(score__lte=710), name="score_is_at_most_710")]

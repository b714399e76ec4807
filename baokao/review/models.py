"""CET6资格复核: who applied for which record, what was decided, and on which evidence (rules E1 to E7)."""

import uuid
from base64 import b64decode

from django.db import models
from django.db.models import Q

from baokao.core.crypto.fields import SealedById
from baokao.exams.models import Sitting
from baokao.passport.models import Passport
from baokao.roster.models import StudentRecord


class Application(models.Model):
    """复核申请 of a passport for a record, or, without a passport, of the school on the candidate's behalf (rule E6).

    One row a passport, record and sitting: submitting again after a failure or after deleting it takes the row up
    again, so that how often it was submitted is known (rule E7).
    """

    class State(models.TextChoices):
        PENDING = "pending", "未复核"
        PASSED = "passed", "复核通过"
        FAILED = "failed", "复核失败"
        WITHDRAWN = "withdrawn", "已删除"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    record = models.ForeignKey(StudentRecord, models.PROTECT, related_name="+")
    passport = models.ForeignKey(Passport, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    # Empty where the school applies for a ticket number that was forgotten.
    ticket_number = models.CharField(max_length=15, blank=True, default="")
    submitted_count = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField()
    # The certificate of an application on behalf: its number, the month of the exam, the score where it bears one.
    certificate_number = models.CharField(max_length=40, blank=True, default="")
    examined_in = models.CharField(max_length=7, blank=True, default="")
    score = models.PositiveSmallIntegerField(null=True)
    # When it passed or failed, and by whom: `system` for what passed by itself (rule E3), else `staff:<hex>`.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "passport"],
                condition=~Q(state="withdrawn"),
                name="one_application_a_passport",
            ),
            models.UniqueConstraint(
                fields=["sitting", "passport", "record"], name="one_application_a_passport_and_record"
            ),
            models.UniqueConstraint(
                fields=["record"], condition=Q(passport__isnull=True), name="one_application_on_behalf_a_record"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["passed", "failed"], settled_at__isnull=False)
                | Q(state__in=["pending", "withdrawn"], settled_at__isnull=True),
                name="application_is_settled_or_not",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sitting", "submitted_at"], condition=Q(state="pending"), name="applications_that_wait"
            ),
        ]


class Decision(models.Model):
    """A coordinator's 复核通过 or 复核失败. It can be undone until `effective_at`; only then it takes effect and is
    mailed (decision 50)."""

    class Verdict(models.TextChoices):
        PASS = "pass", "复核通过"
        FAIL = "fail", "复核失败"

    class Outcome(models.TextChoices):
        OPEN = "open", "待生效"
        EFFECTIVE = "effective", "已生效"
        UNDONE = "undone", "已撤销"
        # The record passed meanwhile by another way.
        OVERTAKEN = "overtaken", "已失效"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=4, choices=Verdict)
    reason = models.CharField(max_length=200)
    decided_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.OPEN)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(outcome="open"), name="one_open_decision_an_application"
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", ended_at__isnull=True) | (~Q(outcome="open") & Q(ended_at__isnull=False)),
                name="decision_ends_once",
            ),
        ]
        indexes = [
            models.Index(fields=["effective_at"], condition=Q(outcome="open"), name="decisions_by_effect"),
        ]


class Evidence(models.Model):
    """证明材料: one page, kept as a JPEG of our own making, whatever was handed in; sealed, because it mostly shows an
    ID number (rule H2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="evidence")
    position = models.PositiveSmallIntegerField()
    # The JPEG in base 64.
    scan_sealed = models.BinaryField()
    scan = SealedById()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="evidence_stands_in_order"),
        ]

    @property
    def jpeg(self) -> bytes:
        """The picture, opened."""
        return b64decode(self.scan)

"""报名信息 and what was entered within it.

Rows that every candidate would point at (the sitting, a subject, a hot offering) have no foreign key in the database:
checking one locks the row pointed at, and a whole country locking one row is a queue. docs/decisions/0002 says what
guards them.
"""

import uuid
from base64 import b64decode

from django.db import models
from django.db.models import Q

from baokao.core.crypto.fields import SealedById, SealedText
from baokao.exams.models import Campus, Offering, Sitting, Subject
from baokao.passport.idtypes import IdType
from baokao.passport.models import Passport
from baokao.roster.models import StudentRecord


class AgreementAcceptance(models.Model):
    """Who accepted which version of the agreement, when and from where (rule B2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    passport = models.ForeignKey(Passport, models.PROTECT)
    version = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField()
    address = models.GenericIPAddressField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passport", "sitting", "version"], name="one_acceptance_a_version"),
        ]


class Registration(models.Model):
    """报名信息: a passport bound to a student record for a sitting, with a snapshot of the record (rules B7, B8)."""

    class State(models.TextChoices):
        LIVE = "live", "有效"
        EXPIRED = "expired", "已过期"
        CANCELLED = "cancelled", "已取消"
        RELEASED = "released", "已释放"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    passport = models.ForeignKey(Passport, models.PROTECT)
    record = models.ForeignKey(StudentRecord, models.PROTECT)
    state = models.CharField(max_length=9, choices=State, default=State.LIVE)
    saved_at = models.DateTimeField()
    # Since when it has had no entry (rule B9): set on saving and when its last entry goes, null while it has one.
    empty_since = models.DateTimeField(null=True)
    # When its owner was last warned that it is about to end for being empty.
    warned_at = models.DateTimeField(null=True)
    # When the school last reminded its owner to pay.
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The snapshot. Restrictions and the photo are not part of it. Who it was is blanked when its time is over (H5).
    name = models.CharField(max_length=60)
    gender = models.CharField(max_length=1)
    id_type = models.CharField(max_length=1, choices=IdType)
    id_number_sealed = models.BinaryField(null=True)
    id_number_digest = models.BinaryField(null=True)
    id_number = SealedText("id_number")
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="+")
    written_campus = models.ForeignKey(Campus, models.PROTECT, related_name="+")
    subjects = models.CharField(max_length=36, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "passport"], condition=Q(state="live"), name="one_live_registration_a_passport"
            ),
            models.UniqueConstraint(
                fields=["sitting", "record"], condition=Q(state="live"), name="one_live_registration_a_record"
            ),
            models.CheckConstraint(
                condition=Q(state="live", ended_at__isnull=True) | (~Q(state="live") & Q(ended_at__isnull=False)),
                name="registration_ends_once",
            ),
        ]
        indexes = [
            models.Index(fields=["empty_since"], condition=Q(state="live"), name="empty_registrations"),
            # 账号找回 asks for a person over all sittings (rule A8).
            models.Index(fields=["id_number_digest"], condition=Q(state="live"), name="registrations_of_an_id_number"),
        ]


class Entry(models.Model):
    """报考科目: one subject within a registration, with the fee of the moment it was made (rule C4)."""

    class State(models.TextChoices):
        UNPAID = "unpaid", "未支付"
        PAID = "paid", "已支付"
        CANCELLED = "cancelled", "已取消"
        EXPIRED = "expired", "已过期"
        REFUNDED = "refunded", "已退款"

    class Way(models.TextChoices):
        CANDIDATE = "candidate", "考生注册"
        SCHOOL = "school", "学校代报"

    class Lock(models.TextChoices):
        PAYMENT = "payment", "支付处理中"
        GROUP = "group", "集体缴费锁定"

    LIVE = (State.UNPAID, State.PAID)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="entries")
    offering = models.ForeignKey(Offering, models.PROTECT, db_constraint=False)
    subject = models.ForeignKey(Subject, models.PROTECT, db_constraint=False, db_index=False)
    level = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Subject.Kind)
    way = models.CharField(max_length=9, choices=Way, default=Way.CANDIDATE)
    state = models.CharField(max_length=9, choices=State, default=State.UNPAID)
    fee = models.DecimalField(max_digits=10, decimal_places=2)
    made_at = models.DateTimeField()
    # When the seat is let go if nothing was paid: the earlier of the hold and the pay-until (rules C5, C12).
    held_until = models.DateTimeField()
    # What keeps an unpaid entry from being changed and from ending: an attempt at paying it (rule D5) or a group
    # payment (rule D8), whose id `locked_by` is. Written for the payments app by this app's services.
    lock = models.CharField(max_length=7, choices=Lock, blank=True, default="", db_default="")
    locked_by = models.UUIDField(null=True)
    # When its owner was warned that its time is running out.
    warned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "level"],
                condition=Q(kind="written", state__in=["unpaid", "paid"]),
                name="one_live_written_entry_a_level",
            ),
            models.UniqueConstraint(
                fields=["registration", "subject"],
                condition=Q(state__in=["unpaid", "paid"]),
                name="one_live_entry_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["unpaid", "paid"], ended_at__isnull=True)
                | Q(state__in=["cancelled", "expired", "refunded"], ended_at__isnull=False),
                name="entry_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(locked_by__isnull=True, lock="")
                | Q(locked_by__isnull=False, lock__in=["payment", "group"], state="unpaid"),
                name="only_unpaid_entries_are_locked",
            ),
        ]
        indexes = [
            models.Index(fields=["held_until"], condition=Q(state="unpaid"), name="unpaid_entries_by_deadline"),
            models.Index(fields=["locked_by"], condition=Q(locked_by__isnull=False), name="locked_entries"),
        ]


class Release(models.Model):
    """信息占用的释放: a school ended a registration by which somebody else held its student's record (rule B10)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    registration = models.OneToOneField(Registration, models.PROTECT)
    # The student's own account, which was told that the record is free.
    passport = models.ForeignKey(Passport, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    # Its pages, a JPEG of our own making in base64 a line. They show documents, so they are sealed.
    proof_sealed = models.BinaryField()
    proof = SealedById()
    released_at = models.DateTimeField()
    released_by = models.CharField(max_length=50)
    released_by_name = models.CharField(max_length=60)

    @property
    def pages(self) -> list[bytes]:
        """The pages of the proof, opened."""
        return [b64decode(line) for line in self.proof.split("\n")]

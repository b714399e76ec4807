"""What the providers told us, and what followed from it, each thing once."""

import uuid

from django.db import models
from django.db.models import Q

from baokao.core.crypto.fields import SealedById
from baokao.exams.models import Sitting
from baokao.payments.models.orders import Attempt, Line
from baokao.registration.models import Entry


class Notification(models.Model):
    """A provider's message as it was received, kept before anybody judged it (rule D4).

    Messages bear parts of the payer's account, so they are sealed. `code` says what came of it: empty while it is not
    judged, `accepted`, or why it was refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    provider = models.CharField(max_length=10)
    received_at = models.DateTimeField(db_index=True)
    message_sealed = models.BinaryField()
    message = SealedById()
    judged_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=30, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True)


class Settlement(models.Model):
    """Money of one attempt that the provider proved to have (rule D3). It is one row for ever, whoever told of it first
    and however often it is told."""

    class Proof(models.TextChoices):
        NOTIFICATION = "notification", "通知"
        QUERY = "query", "查询"
        BILL = "bill", "对账"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    attempt = models.OneToOneField(Attempt, models.PROTECT)
    provider = models.CharField(max_length=10)
    trade = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    proof = models.CharField(max_length=12, choices=Proof)
    paid_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "trade"], condition=~Q(trade=""), name="one_settlement_a_trade"
            ),
        ]


class Allotment(models.Model):
    """What became of the money of one line of a settled attempt (rules D6, D9).

    It paid an entry, or it goes back, or first the one and later the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="allotments")
    line = models.ForeignKey(Line, models.PROTECT)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True)
    refund = models.ForeignKey("payments.Refund", models.PROTECT, null=True, related_name="allotments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "line"], name="one_allotment_a_line"),
            # An entry is paid once: the second money for it can't be booked on it.
            models.UniqueConstraint(fields=["entry"], condition=Q(refund__isnull=True), name="an_entry_is_paid_once"),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | Q(refund__isnull=False), name="allotted_to_an_entry_or_back"
            ),
        ]

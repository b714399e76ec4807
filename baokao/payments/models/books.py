"""The ledger, and what goes back."""

import uuid

from django.db import models
from django.db.models import F, Q

from baokao.exams.models import Sitting
from baokao.payments.models.proofs import Settlement


class Refund(models.Model):
    """退款: money that goes back the way it came. `number` is ours at the provider, under which it happens once."""

    class State(models.TextChoices):
        DUE = "due", "待退款"
        SENDING = "sending", "退款处理中"
        DONE = "done", "已退款"
        STUCK = "stuck", "退款受阻"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="refunds")
    number = models.CharField(max_length=64, unique=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    # Why, as a code of `payments.rules.Back`.
    why = models.CharField(max_length=20)
    state = models.CharField(max_length=7, choices=State, default=State.DUE)
    made_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0, db_default=0)
    # At a provider that repeats a refund when asked twice: since when it may have happened. Then it is only looked for.
    asked_at = models.DateTimeField(null=True)
    # The provider's own number of it, where it has one.
    trade = models.CharField(max_length=64, blank=True, default="", db_default="")
    done_at = models.DateTimeField(null=True)
    # Why it is stuck, in the adapter's words, for the person who has to look.
    trouble = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="refund_is_done_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_is_something"),
        ]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(send_at__isnull=False), name="refunds_to_send"),
            models.Index(fields=["made_at"], condition=Q(state="stuck"), name="stuck_refunds"),
        ]


class LedgerRow(models.Model):
    """One booking of the double-entry ledger: an amount moves from the account `credit` to the account `debit`.

    Rows are only ever added, and each of the house's deeds books once (`one_booking_a_deed`).
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", "收款"
        ALLOTTED = "allotted", "入账"
        OWED = "owed", "应退"
        REFUNDED = "refunded", "退款"

    class Account(models.TextChoices):
        # What the provider holds for us; what a payer gave and nothing has claimed; fees earned; what is to go back.
        PROVIDER = "provider", "支付平台"
        UNALLOTTED = "unallotted", "待入账"
        FEES = "fees", "报名费"
        OWED = "owed", "应退款"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=8, choices=Kind)
    # The settlement, allotment or refund that is booked.
    deed = models.UUIDField()
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="+")
    provider = models.CharField(max_length=10)
    debit = models.CharField(max_length=10, choices=Account)
    credit = models.CharField(max_length=10, choices=Account)
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        db_table = "payments_ledger"
        constraints = [
            models.UniqueConstraint(fields=["kind", "deed"], name="one_booking_a_deed"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_booking_moves_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="a_booking_has_two_sides"),
        ]

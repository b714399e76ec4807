"""集体缴费: what a school pays for its students together (rule D8)."""

import uuid

from django.db import models
from django.db.models import Q

from baokao.exams.models import Offering, School, Sitting, Subject
from baokao.registration.models import Entry, Registration


class GroupPayment(models.Model):
    """集体缴费: a list of unpaid entries of one school's students, which the group holds and the school pays at once.

    The state is what follows from its picks and orders, written anew by each service under the lock of this row.
    """

    class State(models.TextChoices):
        PICKING = "picking", "待锁定"
        LOCKED = "locked", "已锁定，待缴费"
        PAYING = "paying", "支付处理中"
        PAID = "paid", "已缴费"
        RELEASED = "released", "已解除锁定"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    # Who made it, as the audit names them, and by name, since their account may go before the payment does.
    made_by = models.CharField(max_length=50)
    made_by_name = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.PICKING)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Pick(models.Model):
    """One entry on the list of a group payment. The lock itself is on the entry, whose `locked_by` is the group's id;
    `ends_at` is null unless the group took it, and says until when at most it is held (pay-until)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    group = models.ForeignKey(GroupPayment, models.PROTECT, related_name="picks")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, db_constraint=False, db_index=False)
    offering = models.ForeignKey(Offering, models.PROTECT, db_constraint=False, db_index=False)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    picked_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    # When it left the list: the coordinator took it off, or its lock ended.
    released_at = models.DateTimeField(null=True)
    # When the group's money paid it.
    paid_at = models.DateTimeField(null=True)
    # Why the group's money for it went back, as a code of `payments.rules.Back`.
    back = models.CharField(max_length=20, blank=True, default="", db_default="")
    # Why it could not be locked when that was last tried, as a code of `payments.group_rules.Skip`.
    skipped = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "entry"], name="one_pick_a_group_and_entry"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(released_at__isnull=True), name="what_was_released_is_not_held"
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(ends_at__isnull=False), name="group_locks_to_end")]

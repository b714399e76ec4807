"""What a candidate wants to pay, and each attempt at it."""

import uuid

from django.db import models
from django.db.models import Q

from baokao.exams.models import Offering, Sitting, Subject
from baokao.passport.models import Passport
from baokao.payments.models.groups import GroupPayment
from baokao.registration.models import Entry, Registration


class Order(models.Model):
    """缴费订单: some unpaid entries with what each costs, paid together or not at all.

    It belongs to a passport and its registration, or to a group payment (rule D8), and then has lines of many.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    passport = models.ForeignKey(Passport, models.PROTECT, null=True)
    registration = models.ForeignKey(Registration, models.PROTECT, null=True)
    group = models.ForeignKey(GroupPayment, models.PROTECT, null=True, related_name="orders")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_order_costs_something"),
            models.CheckConstraint(
                condition=Q(passport__isnull=False, registration__isnull=False, group__isnull=True)
                | Q(passport__isnull=True, registration__isnull=True, group__isnull=False),
                name="an_order_is_a_passports_or_a_groups",
            ),
        ]


class Line(models.Model):
    """One entry of an order. Offering and amount are the entry's of that moment, so that money which comes late can be
    asked what it was for (rule D6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    registration = models.ForeignKey(Registration, models.PROTECT)
    entry = models.ForeignKey(Entry, models.PROTECT)
    offering = models.ForeignKey(Offering, models.PROTECT, db_constraint=False, db_index=False)
    subject = models.ForeignKey(Subject, models.PROTECT, db_constraint=False, db_index=False)
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "entry"], name="one_line_an_order_and_entry"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_line_costs_something"),
        ]


class Attempt(models.Model):
    """One attempt at paying an order through one provider, 30 minutes at most (rule D5).

    Its state goes one way: `open`, then `ended` without money or `paid`; `ended` may still become `paid`, when money
    comes late (rule D6), and `paid` is for ever. While it is open it locks its entries.
    """

    class State(models.TextChoices):
        OPEN = "open", "支付处理中"
        ENDED = "ended", "未支付"
        PAID = "paid", "已支付"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=10)
    # Our number of it at the provider, used once for ever.
    number = models.CharField(max_length=64, unique=True)
    bank = models.CharField(max_length=10, blank=True, default="")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    state = models.CharField(max_length=5, choices=State, default=State.OPEN)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Until when its entries stay locked if the provider gives no answer at all (rule D5).
    gives_up_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    # When the provider is to be asked next, null when nothing more is expected; how often it was.
    ask_at = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(state="open"), name="one_open_attempt_an_order"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True, paid_at__isnull=True)
                | Q(state="ended", ended_at__isnull=False, paid_at__isnull=True)
                | Q(state="paid", paid_at__isnull=False),
                name="attempt_ends_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_attempt_costs_something"),
        ]
        indexes = [models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="attempts_to_ask_about")]

"""The providers' daily bills, line by line, and where they differ from our books (rule D7)."""

import uuid

from django.db import models
from django.db.models import Q


class Bill(models.Model):
    """对账单: a provider's bill of a day in Beijing. The row is made when the day is over, and says what came of it."""

    class State(models.TextChoices):
        DUE = "due", "待下载"
        COMPARED = "compared", "已对账"
        # The provider has none of that day: everything that our books have of it is a difference.
        ABSENT = "absent", "平台无账单"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    provider = models.CharField(max_length=10)
    day = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    # When it is to be fetched, null when it needn't be any more; how often it was tried, and why that failed.
    fetch_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0, db_default=0)
    trouble = models.CharField(max_length=200, blank=True, default="")
    # Who brought it: the provider, or an operator with a file.
    source = models.CharField(max_length=60, blank=True, default="")
    fetched_at = models.DateTimeField(null=True)
    # Our books up to this moment were looked for in it.
    compared_to = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(default=0)
    payments = models.PositiveIntegerField(default=0)
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    refunds = models.PositiveIntegerField(default=0)
    refunded = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # What the provider charged within the lines; it is no part of the ledger.
    fees = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "day"], name="one_bill_a_provider_and_day"),
            models.CheckConstraint(
                condition=Q(state="due") | Q(fetched_at__isnull=False, compared_to__isnull=False),
                name="a_bill_is_compared_when_it_was_had",
            ),
            models.CheckConstraint(condition=~Q(state="absent") | Q(lines=0), name="an_absent_bill_has_no_lines"),
        ]
        indexes = [models.Index(fields=["fetch_at"], condition=Q(fetch_at__isnull=False), name="bills_to_fetch")]


class BillLine(models.Model):
    """A line of a bill, kept as the provider wrote it. `deed` is the settlement or refund of ours that it tells of."""

    pk = models.CompositePrimaryKey("bill_id", "position")
    bill = models.ForeignKey(Bill, models.PROTECT, db_index=False, related_name="+")
    position = models.PositiveIntegerField()
    # A code of `gateways.contract.LineKind`, and what the provider calls it.
    kind = models.CharField(max_length=7)
    label = models.CharField(max_length=40)
    number = models.CharField(max_length=64)
    trade = models.CharField(max_length=64)
    refund = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    fee = models.DecimalField(max_digits=14, decimal_places=2)
    at = models.DateTimeField()
    deed = models.UUIDField(null=True)

    class Meta:
        db_table = "payments_bill_line"
        constraints = [
            # Money that is told of twice came twice, or the bill is wrong: either way the second line is a difference.
            models.UniqueConstraint(fields=["deed"], condition=Q(deed__isnull=False), name="one_bill_line_a_deed"),
        ]
        indexes = [
            models.Index(fields=["bill", "number"], condition=Q(deed__isnull=True), name="bill_lines_of_no_deed")
        ]


class Difference(models.Model):
    """对账差异: one thing in which a day's bill and our books differ.

    It is listed once, however often the day is compared. It stays listed until somebody settles it, or a later
    comparison explains it. `holds` says whether it differs still: what a person settled may do so for ever.
    """

    class Kind(models.TextChoices):
        PAYMENT_UNKNOWN = "payment_unknown", "平台有收款，本系统无"
        PAYMENT_MISSING = "payment_missing", "本系统有收款，平台无"
        AMOUNT = "amount", "收款金额不符"
        TRADE = "trade", "平台交易号不符"
        DAY_BORDER = "day_border", "临近零点，待邻日账单"
        REFUND_UNKNOWN = "refund_unknown", "平台有退款，本系统无"
        REFUND_MISSING = "refund_missing", "本系统有退款，平台无"
        REFUND_AMOUNT = "refund_amount", "退款金额不符"
        DOUBLED = "doubled", "账单行重复"
        FEE = "fee", "单列的费用"
        OTHER = "other", "未知类型的账单行"

    class State(models.TextChoices):
        LISTED = "listed", "待处理"
        SETTLED = "settled", "已处理"

    # Who settles what a later comparison explains.
    BY_ITSELF = "system"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=20, choices=Kind)
    # Whose money: `payment`, `refund` or `other`, a code of `gateways.contract.LineKind`.
    flow = models.CharField(max_length=7)
    # What it is about, told apart from all else of its kind and day.
    subject = models.CharField(max_length=260)
    number = models.CharField(max_length=64)
    trade = models.CharField(max_length=64)
    refund = models.CharField(max_length=64)
    # Our settlement or refund, where there is one.
    deed = models.UUIDField(null=True)
    # What our books have and what the bill has; null where one has nothing.
    ours = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    theirs = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    at = models.DateTimeField()
    holds = models.BooleanField(default=True)
    state = models.CharField(max_length=7, choices=State, default=State.LISTED)
    listed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "kind", "subject"], name="a_difference_is_listed_once"),
            models.CheckConstraint(
                condition=Q(state="listed", settled_at__isnull=True, settled_by="", reason="", holds=True)
                | (Q(state="settled", settled_at__isnull=False) & ~Q(settled_by="") & ~Q(reason="")),
                name="a_difference_is_settled_by_somebody_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(ours__isnull=False) | Q(theirs__isnull=False), name="a_difference_is_of_something"
            ),
        ]
        indexes = [models.Index(fields=["listed_at"], condition=Q(state="listed"), name="differences_to_settle")]

"""集体缴费 (rule D8): a school's list of entries, and orders that are a group's instead of a passport's."""

import uuid

from django.db import migrations, models
from django.db.models import PROTECT, Q

STATES = [
    ("picking", "待锁定"),
    ("locked", "已锁定，待缴费"),
    ("paying", "支付处理中"),
    ("paid", "已缴费"),
    ("released", "已解除锁定"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0003_speaking_policies"),
        ("payments", "0003_refunds_asked_for_once"),
        ("registration", "0004_locked_entries"),
    ]

    operations = [
        migrations.CreateModel(
            "GroupPayment",
            [
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("made_by", models.CharField(max_length=50)),
                ("made_by_name", models.CharField(max_length=60)),
                ("state", models.CharField(choices=STATES, default="picking", max_length=8)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("school", models.ForeignKey("exams.school", PROTECT, related_name="+")),
                ("sitting", models.ForeignKey("exams.sitting", PROTECT, db_constraint=False, db_index=False)),
            ],
        ),
        migrations.CreateModel(
            "Pick",
            [
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("picked_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("paid_at", models.DateTimeField(null=True)),
                ("back", models.CharField(blank=True, db_default="", default="", max_length=20)),
                ("skipped", models.CharField(blank=True, db_default="", default="", max_length=12)),
                ("group", models.ForeignKey("payments.grouppayment", PROTECT, related_name="picks")),
                ("registration", models.ForeignKey("registration.registration", PROTECT, related_name="+")),
                ("entry", models.ForeignKey("registration.entry", PROTECT, related_name="+")),
                ("offering", models.ForeignKey("exams.offering", PROTECT, db_constraint=False, db_index=False)),
                ("subject", models.ForeignKey("exams.subject", PROTECT, db_constraint=False, db_index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["group", "entry"], name="one_pick_a_group_and_entry"),
                    models.CheckConstraint(
                        condition=Q(ends_at__isnull=True) | Q(released_at__isnull=True),
                        name="what_was_released_is_not_held",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["ends_at"], condition=Q(ends_at__isnull=False), name="group_locks_to_end")
                ],
            },
        ),
        migrations.AddField(
            "order", "group", models.ForeignKey("payments.grouppayment", PROTECT, null=True, related_name="orders")
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=Q(passport__isnull=False, registration__isnull=False, group__isnull=True)
                | Q(passport__isnull=True, registration__isnull=True, group__isnull=False),
                name="an_order_is_a_passports_or_a_groups",
            ),
        ),
    ]

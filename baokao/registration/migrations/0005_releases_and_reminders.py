"""A record that a stranger held is released with proof and reason (rule B10); when the school reminded of paying."""

import uuid

from django.db import migrations, models
from django.db.models import PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0003_speaking_policies"),
        ("passport", "0003_when_privacy_was_consented"),
        ("registration", "0004_locked_entries"),
    ]

    operations = [
        migrations.AddField("registration", "reminded_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            "Release",
            [
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=200)),
                ("proof_sealed", models.BinaryField()),
                ("released_at", models.DateTimeField()),
                ("released_by", models.CharField(max_length=50)),
                ("released_by_name", models.CharField(max_length=60)),
                ("passport", models.ForeignKey("passport.passport", PROTECT, related_name="+")),
                ("registration", models.OneToOneField("registration.registration", PROTECT)),
                ("sitting", models.ForeignKey("exams.sitting", PROTECT, db_constraint=False, db_index=False)),
            ],
        ),
    ]

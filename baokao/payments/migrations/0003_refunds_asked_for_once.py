"""A refund at a provider that would pay it twice: when it was asked for, and the provider's number of it (rule D6)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_bills_and_differences"),
    ]

    operations = [
        migrations.AddField("refund", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "refund", "trade", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]

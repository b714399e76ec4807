"""An index of the refunds that wait for a person, which every look at the figures counts (rule D6)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_group_payments"),
    ]

    operations = [
        migrations.AddIndex(
            "refund",
            models.Index(condition=models.Q(("state", "stuck")), fields=["made_at"], name="stuck_refunds"),
        ),
    ]

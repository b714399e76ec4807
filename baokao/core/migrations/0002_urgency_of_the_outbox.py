from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index of a table that is written all the time is made beside the writing.
    atomic = False

    dependencies = [
        ("core", "0001_house"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxrow",
            name="urgency",
            field=models.PositiveSmallIntegerField(db_default=5, default=5),
        ),
        AddIndexConcurrently(
            model_name="outboxrow",
            index=models.Index(
                condition=models.Q(("given_up_at__isnull", True), ("sent_at__isnull", True)),
                fields=["urgency", "due_at"],
                name="core_outbox_in_order",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="outboxrow",
            name="core_outbox_waiting",
        ),
    ]

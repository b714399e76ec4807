from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0002_urgency_of_the_outbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("ran_at", models.DateTimeField()),
                ("name", models.CharField(max_length=40)),
                ("rows", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "core_retentionrun",
                "indexes": [models.Index(fields=["ran_at"], name="core_retentionrun_ran")],
            },
        ),
    ]

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index of a table that is written all the time is made beside the writing.
    atomic = False

    dependencies = [
        ("registration", "0002_when_owners_were_warned"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registration",
            name="id_number_digest",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="registration",
            name="id_number_sealed",
            field=models.BinaryField(null=True),
        ),
        AddIndexConcurrently(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("state", "live")),
                fields=["id_number_digest"],
                name="registrations_of_an_id_number",
            ),
        ),
    ]

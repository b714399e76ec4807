from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("roster", "0001_records_photos_scores"),
    ]

    operations = [
        migrations.AlterField(
            model_name="studentrecord",
            name="id_number_digest",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="studentrecord",
            name="id_number_sealed",
            field=models.BinaryField(null=True),
        ),
    ]

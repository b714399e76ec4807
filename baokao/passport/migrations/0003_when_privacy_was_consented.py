from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('passport', '0002_recoverable_addresses'),
    ]

    operations = [
        migrations.AddField(
            model_name='passport',
            name='privacy_consented_at',
            field=models.DateTimeField(null=True),
        ),
    ]

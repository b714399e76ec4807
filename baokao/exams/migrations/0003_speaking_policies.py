from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0002_reference_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="campus",
            name="speaking_inbound",
            field=models.CharField(
                choices=[("own", "本校"), ("province", "本省"), ("nation", "全国")],
                db_default="province",
                default="province",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="campus",
            name="speaking_outbound",
            field=models.CharField(
                choices=[("own", "本校"), ("any", "不限")], db_default="any", default="any", max_length=3
            ),
        ),
        migrations.AddField(
            model_name="school",
            name="speaking_outbound",
            field=models.CharField(
                choices=[("own", "本校"), ("any", "不限")], db_default="any", default="any", max_length=3
            ),
        ),
    ]

"""A decision that was undone is 已撤销, as the button that did it is 撤销; the column stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0001_applications_decisions_evidence")]

    operations = [
        migrations.AlterField(
            "decision",
            "outcome",
            models.CharField(
                choices=[("open", "待生效"), ("effective", "已生效"), ("undone", "已撤销"), ("overtaken", "已失效")],
                default="open",
                max_length=9,
            ),
        ),
    ]

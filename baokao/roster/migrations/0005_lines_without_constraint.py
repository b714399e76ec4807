"""The lines of an import no longer have the database look their import up again, one by one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roster", "0004_desk_imports")]

    operations = [
        migrations.AlterField(
            "importline",
            "roster_import",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="roster.rosterimport",
            ),
        ),
    ]

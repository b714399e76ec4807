"""Provinces and subjects: data that the program cannot do without, so a migration brings it."""

from django.db import migrations

from baokao.exams.reference import PROVINCES, SUBJECTS


def load(apps, schema_editor):
    Province = apps.get_model("exams", "Province")
    Subject = apps.get_model("exams", "Subject")
    Province.objects.bulk_create(
        [Province(code=code, name=name) for code, name in PROVINCES.items()], ignore_conflicts=True
    )
    Subject.objects.bulk_create(
        [
            Subject(code=code, name=name, level=level, language=language, kind=kind, position=position)
            for position, (code, name, level, language, kind) in enumerate(SUBJECTS, start=1)
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("exams", "0001_places_subjects_offerings")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

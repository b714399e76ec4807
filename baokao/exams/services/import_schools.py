"""Schools and campuses from a file: added, or renamed; absent ones stay."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from baokao.core import audit
from baokao.core.sheets import Outcome, Progress, open_sheet
from baokao.exams.audit import ExamsAction
from baokao.exams.imports import schools
from baokao.exams.models import Campus, Province, School
from baokao.exams.services import turns


@transaction.atomic
def import_schools(path: Path, *, actor: str, dry_run: bool, progress: Progress, now: datetime) -> Outcome:
    """Import a file of schools; nothing is written on a dry run or when anything is wrong with the file.

    `UnreadableFile` when the file can't be taken at all.
    """
    outcome = Outcome()
    provinces = set(Province.objects.values_list("code", flat=True))
    with open_sheet(path, schools.REQUIRED, [], outcome.findings, progress) as sheet:
        rows = schools.read(sheet.rows(), provinces, outcome.findings)
    outcome.rows = len(rows)
    if not outcome.findings.sound:
        return outcome
    turns.take_shared()
    campuses = dict(Campus.objects.values_list("code", "name"))
    school_names = dict(School.objects.values_list("code", "name"))
    added = [row for row in rows if row.campus not in campuses]
    changed = [
        row
        for row in rows
        if row.campus in campuses
        and (campuses[row.campus] != row.campus_name or school_names[row.school] != row.school_name)
    ]
    outcome.added, outcome.changed = len(added), len(changed)
    if dry_run or outcome.nothing_to_do:
        return outcome
    progress("写入", 0, len(added) + len(changed))
    _write([*added, *changed])
    audit.record(
        ExamsAction.SCHOOLS_IMPORTED,
        actor=actor,
        subject="schools",
        detail={"rows": outcome.rows, "added": outcome.added, "changed": outcome.changed},
        at=now,
    )
    outcome.applied = True
    return outcome


def _write(rows: list[schools.CampusRow]) -> None:
    by_school = {row.school: row for row in rows}
    School.objects.bulk_create(
        [School(code=code, province_id=row.province, name=row.school_name) for code, row in sorted(by_school.items())],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
        batch_size=1000,
    )
    Campus.objects.bulk_create(
        [Campus(code=row.campus, school_id=row.school, name=row.campus_name) for row in rows],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
        batch_size=1000,
    )

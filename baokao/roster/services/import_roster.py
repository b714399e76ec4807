"""学籍导入, 追加与更新: rows of the file are added or updated, absent ones stay (rule G3)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from baokao.core import audit
from baokao.core.sheets import Outcome, Progress, Sheet, open_sheet
from baokao.exams.models import Campus, Subject
from baokao.roster.audit import RosterAction
from baokao.roster.imports import merging, records
from baokao.roster.imports.copying import copy_lines
from baokao.roster.imports.merging import Author
from baokao.roster.imports.records import RecordReader

# The command line acts as this office; a record's history says so.
_NATIONAL = "教育部考试中心"


@transaction.atomic
def import_roster(path: Path, *, sitting: str, actor: str, dry_run: bool, progress: Progress, now: datetime) -> Outcome:
    """Import a roster file into a sitting; nothing is written on a dry run or when anything is wrong with the file.

    `UnreadableFile` when the file can't be taken at all, `RosterMoved` when a desk changed one of its records in this
    very moment. A saved registration keeps its snapshot (rule B8).
    """
    outcome = Outcome()
    findings = outcome.findings
    with (
        open_sheet(path, records.REQUIRED, records.OPTIONAL, findings, progress) as sheet,
        connection.cursor() as cursor,
    ):
        reader = RecordReader(_campuses(), dict(Subject.objects.values_list("name", "code")), findings)
        merging.prepare(cursor, sitting)
        copy_lines(cursor, merging.COPY, _lines(sheet, reader, outcome))
        progress("核对", 0, outcome.rows)
        merging.find_faults_across_rows(cursor, sitting, findings)
        if findings.sound:
            _, outcome.added, outcome.changed = merging.count(cursor)
        if findings.sound and not dry_run and not outcome.nothing_to_do:
            progress("写入", 0, outcome.added + outcome.changed)
            merging.merge(cursor, Author(_NATIONAL, None, sitting, now))
            audit.record(
                RosterAction.ROSTER_IMPORTED,
                actor=actor,
                subject=f"roster:{sitting}",
                sitting=sitting,
                detail={"rows": outcome.rows, "added": outcome.added, "changed": outcome.changed},
                at=now,
            )
            outcome.applied = True
        progress("完成", outcome.rows, outcome.rows)
    if not outcome.applied:
        transaction.set_rollback(True)
    return outcome


def _lines(sheet: Sheet, reader: RecordReader, outcome: Outcome) -> Iterator[str]:
    line_of = reader.line
    for row, cells in sheet.rows():
        outcome.rows += 1
        line = line_of(row, cells)
        if line is not None:
            yield line


def _campuses() -> set[str]:
    return set(Campus.objects.values_list("code", flat=True))

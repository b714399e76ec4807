"""Past scores: added or corrected by ticket number, and eligibility for 英语六级 found by them (rule B11)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from baokao.core import audit
from baokao.core.sheets import Outcome, Progress, Sheet, open_sheet
from baokao.exams.models import Subject
from baokao.roster.audit import RosterAction
from baokao.roster.imports import scores
from baokao.roster.imports.copying import copy_lines
from baokao.roster.imports.scores import ScoreReader


@transaction.atomic
def import_scores(path: Path, *, actor: str, dry_run: bool, progress: Progress, now: datetime) -> Outcome:
    """Import a file of past scores; nothing is written on a dry run or when anything is wrong with the file.

    `UnreadableFile` when the file can't be taken at all.
    """
    outcome = Outcome()
    findings = outcome.findings
    written = Subject.objects.filter(kind=Subject.Kind.WRITTEN).values_list("name", "code")
    with open_sheet(path, scores.REQUIRED, [], findings, progress) as sheet, connection.cursor() as cursor:
        scores.prepare(cursor)
        copy_lines(cursor, scores.COPY, _lines(sheet, ScoreReader(dict(written), findings), outcome))
        progress("核对", 0, outcome.rows)
        scores.find_doubled_tickets(cursor, findings)
        if findings.sound:
            outcome.added, outcome.changed = scores.count(cursor)
        if findings.sound and not dry_run and not outcome.nothing_to_do:
            progress("写入", 0, outcome.added + outcome.changed)
            gained = scores.merge(cursor)
            outcome.notes.append(f"由此获得英语六级报考资格的考生 {gained} 人。")
            audit.record(
                RosterAction.SCORES_IMPORTED,
                actor=actor,
                subject="scores",
                detail={"rows": outcome.rows, "added": outcome.added, "changed": outcome.changed, "gained": gained},
                at=now,
            )
            outcome.applied = True
        progress("完成", outcome.rows, outcome.rows)
    if not outcome.applied:
        transaction.set_rollback(True)
    return outcome


def _lines(sheet: Sheet, reader: ScoreReader, outcome: Outcome) -> Iterator[str]:
    for row, cells in sheet.rows():
        outcome.rows += 1
        line = reader.line(row, cells)
        if line is not None:
            yield line

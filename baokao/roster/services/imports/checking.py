"""The job that reads a file and writes down what is wrong with it and what it would do (rule G3)."""

import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from baokao.core import uploads
from baokao.core.sheets import Sheet, UnreadableFile, open_sheet
from baokao.exams.models import Campus, Subject
from baokao.roster.imports import merging, photos, planning, records
from baokao.roster.imports.copying import copy_lines
from baokao.roster.imports.records import RecordReader
from baokao.roster.imports.telling import FindingsByRow
from baokao.roster.models import ImportCells, ImportFinding, ImportLine, RosterImport
from baokao.roster.services.imports.progress import Discarded, Told

_State = RosterImport.State
# Rows that are read, sealed and staged at once: some tens of milliseconds.
BATCH = 2_000
# Several times what the largest school has. Of each faulty row the job remembers which it was.
ROWS_AT_MOST = 500_000
# The cells of so many faulty rows are kept to be sent back.
CELLS_KEPT = 20_000


def check(one_id: uuid.UUID, now: datetime) -> None:
    """Check an import that was sent; nothing happens when it has been checked or discarded.

    Safe to run twice and to be cut off: what an earlier run left is removed first.
    """
    if not RosterImport.objects.filter(id=one_id, state__in=(_State.UPLOADED, _State.CHECKING)).update(
        state=_State.CHECKING, stage="读取", done=0, total=0
    ):
        return
    one = RosterImport.objects.get(id=one_id)
    forget(one)
    findings = FindingsByRow()
    try:
        assert one.upload is not None
        with uploads.open_file(one.upload) as path:
            if one.kind == RosterImport.Kind.PHOTOS:
                photos.check(one, path, findings, Told(one, _State.CHECKING))
            else:
                _read(one, path, findings)
        plan(one, findings, now)
    except (UnreadableFile, uploads.UploadGone) as wrong:
        _refuse(one, str(wrong), now)
    except Discarded:
        forget(one)


def _read(one: RosterImport, path: Path, findings: FindingsByRow) -> None:
    """Every row of the file into the staging table, in batches; the cells of those with a fault."""
    told = Told(one, _State.CHECKING)
    with open_sheet(path, records.REQUIRED, records.OPTIONAL, findings, told) as sheet:
        # What is wrong before the first row is wrong with the file: a merged cell hides what lies beneath it.
        one.blocked = findings.fault_count
        campuses = set(Campus.objects.values_list("code", flat=True))
        subjects = dict(Subject.objects.values_list("name", "code"))
        reader = RecordReader(campuses, subjects, findings, one.reach)
        with connection.cursor() as cursor:
            # Between the batches it is told how far the reading is, so that they can't be one transaction.
            merging.stage(cursor, beyond_the_transaction=True)
            for lines, cells in _batches(one, sheet, reader, findings):
                copy_lines(cursor, merging.COPY, lines)
                ImportCells.objects.bulk_create(cells)
    told("核对", one.rows, one.rows)


def _batches(
    one: RosterImport, sheet: Sheet, reader: RecordReader, findings: FindingsByRow
) -> Iterator[tuple[list[str], list[ImportCells]]]:
    lines: list[str] = []
    cells: list[ImportCells] = []
    kept = 0
    for row, texts in sheet.rows():
        one.rows += 1
        if one.rows > ROWS_AT_MOST:
            raise UnreadableFile(f"表格的行数过多（多于 {ROWS_AT_MOST} 行），请分几个文件上传。")
        before = findings.fault_count
        line = reader.line(row, texts)
        if line is not None:
            lines.append(line)
        elif one.mode == RosterImport.Mode.REPLACE:
            # Nobody can tell who that is, and so not who is absent from the file either.
            one.blocked += 1
        if findings.fault_count > before and kept < CELLS_KEPT:
            kept += 1
            cells.append(_cells(one, row, json.dumps(list(texts), ensure_ascii=False)))
        if len(lines) >= BATCH or len(cells) >= BATCH:
            yield lines, cells
            lines, cells = [], []
    yield lines, cells


def _cells(one: RosterImport, row: int, text: str) -> ImportCells:
    made = ImportCells(roster_import=one, row=row)
    made.cells = text
    return made


@transaction.atomic
def plan(one: RosterImport, findings: FindingsByRow, now: datetime) -> None:
    """Find what is wrong between the rows and with what stands in the roster, give each line its verdict, and let the
    import wait for a person."""
    if one.kind == RosterImport.Kind.ROSTER:
        with connection.cursor() as cursor:
            merging.patiently(cursor)
            alone = set(findings.faulty)
            planning.find_faults(cursor, one, findings)
            planning.mark_faulty(cursor, alone)
            planning.claim(cursor, one, now)
            planning.mark_faulty(cursor, findings.faulty - alone)
            for name, count in planning.write(cursor, one).items():
                setattr(one, name, count)
            merging.clear(cursor)
        _keep_cells(one, findings.faulty - alone)
    findings.keep(one)
    one.faulty = len(findings.faulty - {0, 1})
    one.faults, one.warnings = findings.fault_count, findings.warning_count
    one.state, one.stage, one.checked_at = _State.READY, "", now
    # Only if nobody has discarded it meanwhile.
    if RosterImport.objects.select_for_update(no_key=True).get(id=one.id).state != _State.CHECKING:
        raise Discarded
    one.save()


def _keep_cells(one: RosterImport, rows: set[int]) -> None:
    """The cells of rows whose faults showed only beside others, put together from what was read."""
    room = max(0, CELLS_KEPT - ImportCells.objects.filter(roster_import=one).count())
    ordered = sorted(rows)[:room]
    for start in range(0, len(ordered), BATCH):
        found = ImportLine.objects.filter(roster_import=one, row__in=ordered[start : start + BATCH])
        ImportCells.objects.bulk_create(
            _cells(one, line.row, planning.cells_of(line, line.id_number)) for line in found if line.row
        )


def forget(one: RosterImport) -> None:
    """Remove what a check wrote down."""
    with connection.cursor() as cursor:
        merging.clear(cursor)
    for model in (ImportLine, ImportFinding, ImportCells):
        model.objects.filter(roster_import=one).delete()
    for name in ("rows", "added", "changed", "removed", "faulty", "faults", "blocked", "warnings", "bound"):
        setattr(one, name, 0)


@transaction.atomic
def _refuse(one: RosterImport, reason: str, now: datetime) -> None:
    """The file can't be taken at all. It is removed."""
    forget(one)
    if (
        RosterImport.objects.filter(id=one.id, state=_State.CHECKING).update(
            state=_State.REFUSED, message=reason[:200], ended_at=now, stage="", upload=None
        )
        and one.upload
    ):
        uploads.remove(one.upload)


@transaction.atomic
def clear(one_id: uuid.UUID) -> None:
    """Let go of what was kept for an import that was discarded."""
    one = RosterImport.objects.select_for_update(no_key=True).get(id=one_id)
    if one.state != _State.DISCARDED:
        return
    ImportLine.objects.filter(roster_import=one).delete()
    ImportCells.objects.filter(roster_import=one).delete()
    if one.upload:
        upload, one.upload = one.upload, None
        one.save(update_fields=["upload"])
        uploads.remove(upload)

"""What the desks' roster pages name: of each person's school an import and a conflict about that person."""

import json

from baokao.roster.imports.merging import KEPT
from baokao.roster.models import (
    ImportCells,
    ImportFinding,
    ImportLine,
    RecordChange,
    RecordConflict,
    RosterImport,
    StudentRecord,
)
from tests.cast import NOW
from tests.speaking import NEAR


def give(record: StudentRecord) -> None:
    """Imports of the record's school, of which one waits for a person and one was applied, a claim of a third school,
    and a line of history."""
    for state in ("ready", "applied"):
        an_import(record, state, f"{record.student_no}.csv")
    RecordChange.objects.create(
        record_id=record.id, sitting_id=record.sitting_id, kind="changed", at=NOW, by_name="周老师", what="姓名"
    )
    claim = {name: getattr(record, name) for name in KEPT}
    claim |= {"row_digest": "00", "campus_id": NEAR, "written_campus_id": NEAR}
    RecordConflict.objects.create(
        sitting_id=record.sitting_id, record_id=record.id, holder_id=record.campus_id[:5], claimant_id=NEAR[:5],
        claim=claim, claimed_at=NOW, claimed_by_name="周老师",
    )  # fmt: skip


def an_import(record: StudentRecord, state: str, file: str) -> str:
    """The id of an import in this state, with one line about the record and one fault."""
    one = RosterImport.objects.create(
        sitting_id=record.sitting_id, school_id=record.campus_id[:5], kind="roster", state=state, file_name=file,
        file_digest=b"", rows=2, changed=1, faulty=1, faults=1, made_at=NOW, made_by="test", made_by_name="周老师",
        checked_at=NOW, applied_at=NOW if state == "applied" else None, applied_by_name="周老师", stage="读取", done=1,
        total=2,
    )  # fmt: skip
    ImportLine.objects.create(
        roster_import=one, row=2, name=record.name, verdict="changed", record_id=record.id, differs="姓名",
        student_no=record.student_no,
    )  # fmt: skip
    ImportFinding.objects.create(
        roster_import=one, severity="fault", row=3, column="性别", reason=f"{record.student_no}：未填写"
    )
    cells = ImportCells(roster_import=one, row=3)
    cells.cells = json.dumps([record.student_no])
    cells.save(force_insert=True)
    return str(one.id)


def import_of(record: StudentRecord, state: str = "ready") -> str:
    """The id of its import in this state."""
    return str(ImportLine.objects.get(record_id=record.id, roster_import__state=state).roster_import_id)


def conflict_of(record: StudentRecord) -> str:
    """The id of its conflict."""
    return str(RecordConflict.objects.get(record_id=record.id).id)

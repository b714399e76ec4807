"""What the pages of the imports show, from the query sets of the access."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict

from baokao.core.words import masked_number
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort
from baokao.roster.imports.records import COLUMNS
from baokao.roster.models import ImportFinding, ImportLine, RecordChange, RosterImport

REASONS = "错误原因"
_HISTORY = 20


@dataclass(frozen=True)
class Line:
    """A row of the preview, or of what an import did."""

    row: int | None
    name: str
    number: str
    place: str
    student_no: str
    verdict: str
    label: str
    differs: str
    bound: bool
    record: uuid.UUID | None


def sent(desk: Desk, kind: RosterImport.Kind, asked: QueryDict) -> Listing[RosterImport]:
    """The history of imports, latest first."""
    return Listing(
        asked,
        access.imports(desk, kind),
        search=lambda rows, text: rows.filter(Q(file_name__icontains=text) | Q(made_by_name__icontains=text)),
        chips=[
            Chip("", "全部", Q()),
            Chip("open", "待处理", Q(state__in=("uploaded", "checking", "ready", "applying", "undoing"))),
            Chip("applied", "已写入", Q(state="applied")),
            Chip("ended", "未写入或已撤销", Q(state__in=("refused", "discarded", "undone"))),
        ],
        sorts=[Sort("", "最近上传", ("-made_at", "id")), Sort("name", "文件名", ("file_name", "id"))],
        size=_HISTORY,
    )


def preview(desk: Desk, one: RosterImport, asked: QueryDict) -> Listing[ImportLine]:
    """What applying would do, row by row, in the order of the file."""
    verdicts = ImportLine.Verdict
    return Listing(
        asked,
        access.lines(desk, one),
        search=lambda rows, text: rows.filter(
            Q(name__icontains=text) | Q(student_no__startswith=text) | Q(class_name__icontains=text)
        ),
        chips=[
            Chip("", "全部", Q()),
            *(Chip(verdict, verdict.label, Q(verdict=verdict)) for verdict in verdicts),
            Chip("bound", "已报名，不受影响", Q(bound=True)),
        ],
        sorts=[Sort("", "文件中的顺序", ("row", "id")), Sort("name", "姓名", ("name", "row", "id"))],
    )


def lines_of(found: list[ImportLine]) -> list[Line]:
    """The lines of a page, numbers masked (rule H2)."""
    return [
        Line(
            row=line.row,
            name=line.name,
            number=masked_number(line.id_number) if line.id_number_sealed else "",
            place=" ".join(filter(None, (line.campus_id, line.department, line.class_name))),
            student_no=line.student_no,
            verdict=line.verdict,
            label=ImportLine.Verdict(line.verdict).label if line.verdict else "",
            differs=line.differs,
            bound=line.bound,
            record=line.record_id,
        )
        for line in found
    ]


def done(desk: Desk, one: RosterImport, asked: QueryDict) -> Listing[RecordChange]:
    """What an import that was applied did."""
    kinds = RecordChange.Kind
    shown = (kinds.PHOTO,) if one.kind == RosterImport.Kind.PHOTOS else (kinds.ADDED, kinds.CHANGED, kinds.REMOVED)
    rows = access.changes(desk, one).filter(kind__in=shown)
    return Listing(
        asked,
        rows,
        search=lambda rows, text: rows.filter(record_id__in=_named(desk, text)),
        chips=[Chip("", "全部", Q()), *(Chip(kind, kind.label, Q(kind=kind)) for kind in shown if len(shown) > 1)],
        sorts=[Sort("", "种类", ("kind", "id"))],
    )


def _named(desk: Desk, text: str) -> QuerySet:
    found = access.records(desk).filter(Q(name__icontains=text) | Q(student_no__startswith=text))
    return found.values("id")


def changes_of(desk: Desk, found: list[RecordChange]) -> list[Line]:
    """The changes of a page with their students as they are now."""
    records = access.records(desk).in_bulk([change.record_id for change in found])
    lines = []
    for change in found:
        record = records.get(change.record_id)
        lines.append(
            Line(
                row=None,
                name=record.name if record else "（已转出）",
                number=masked_number(record.id_number) if record else "",
                place=" ".join(filter(None, (record.campus_id, record.department, record.class_name)))
                if record
                else "",
                student_no=record.student_no if record else "",
                verdict=change.kind,
                label=RecordChange.Kind(change.kind).label,
                differs=change.what,
                bound=False,
                record=record.id if record else None,
            )
        )
    return lines


def found(desk: Desk, one: RosterImport, asked: QueryDict) -> Listing[ImportFinding]:
    """Faults and warnings, in the order of the file."""
    return Listing(
        asked,
        access.findings(desk, one),
        search=lambda rows, text: rows.filter(
            Q(reason__icontains=text) | Q(column__icontains=text) | (Q(row=int(text)) if _is_row(text) else Q(pk=None))
        ),
        chips=[
            Chip("", "全部", Q()),
            Chip("fault", "错误", Q(severity="fault")),
            Chip("warning", "提醒", Q(severity="warning")),
        ],
        sorts=[Sort("", "行号", ("row", "id")), Sort("column", "列", ("column", "row", "id"))],
        size=100,
    )


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def faulty_rows(desk: Desk, one: RosterImport) -> tuple[list[str], Iterator[list[str]]]:
    """Headers and rows of the file to be mended: each faulty row as it was typed, with its reasons in a last column."""
    reasons: dict[int, list[str]] = {}
    for fault in access.findings(desk, one).filter(severity="fault").order_by("row", "id"):
        reasons.setdefault(fault.row, []).append(f"{fault.column}：{fault.reason}" if fault.column else fault.reason)
    rows = (
        [*json.loads(cells.cells), "；".join(reasons.get(cells.row, ()))]
        for cells in access.cells(desk, one).iterator(chunk_size=1000)
    )
    return [*COLUMNS, REASONS], rows

"""开考科目 from a file: capacity, fee and window of each campus and subject (rules C12, C13, G6)."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction

from baokao.core import audit
from baokao.core.sheets import Outcome, Progress, open_sheet
from baokao.exams.audit import ExamsAction
from baokao.exams.imports import offerings
from baokao.exams.imports.offerings import OfferingReader, OfferingRows, PieceRow
from baokao.exams.models import Campus, Offering, SittingSubject, Subject, WindowPiece
from baokao.exams.services import turns

Place = tuple[str, str]

# First every lock, in the order of the ids, then one update: strangers who want a seat wait for as short as can be.
_LOCK = "SELECT id FROM exams_offering WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
# The target is the file's; what is taken stays taken, so capacity follows the higher of the two (rule G6), computed
# from the counter as it stands under the lock, for seats are being sold meanwhile.
_SET = """
UPDATE exams_offering o
SET target = c.target, capacity = greatest(c.target, o.taken), fee = coalesce(c.fee, o.fee), offered = true
FROM unnest(%s::bigint[], %s::integer[], %s::numeric[]) AS c (id, target, fee)
WHERE o.id = c.id
"""


@transaction.atomic
def import_offerings(
    path: Path, *, sitting: str, actor: str, dry_run: bool, progress: Progress, now: datetime
) -> Outcome:
    """Import a file of offerings into a sitting; nothing is written on a dry run or when anything is wrong with it.

    The file replaces the campus's own pieces of each pair of campus and subject that it names, and leaves all other
    pairs and every other setter's pieces alone. `UnreadableFile` when the file can't be taken at all.
    """
    outcome = Outcome()
    subjects = {subject.code: subject for subject in Subject.objects.all()}
    reader = OfferingReader(
        set(Campus.objects.values_list("code", flat=True)),
        {subject.name: code for code, subject in subjects.items()},
        set(SittingSubject.objects.filter(sitting_id=sitting).values_list("subject_id", flat=True)),
        outcome.findings,
    )
    with open_sheet(path, offerings.REQUIRED, offerings.OPTIONAL, outcome.findings, progress) as sheet:
        outcome.rows, found = reader.read(sheet.rows())
    if not outcome.findings.sound:
        return outcome
    turns.take_sitting(sitting)
    standing = {
        (row.campus_id, row.subject_id): row for row in Offering.objects.filter(sitting_id=sitting).only(*_COMPARED)
    }
    pieces = _pieces(sitting)
    new = {place: rows for place, rows in found.items() if place not in standing}
    moved = {place: rows for place, rows in found.items() if set(rows.pieces.values()) != pieces.get(place, set())}
    reset = {place: rows for place, rows in found.items() if place in standing and _differs(standing[place], rows)}
    outcome.added = sum(len(rows.pieces) for rows in new.values())
    outcome.changed = sum(len(found[place].pieces) for place in (moved.keys() | reset.keys()) - new.keys())
    if dry_run or outcome.nothing_to_do:
        return outcome
    progress("写入", 0, outcome.added + outcome.changed)
    _replace_pieces(sitting, moved, subjects)
    audit.record(
        ExamsAction.OFFERINGS_IMPORTED,
        actor=actor,
        subject=f"offerings:{sitting}",
        sitting=sitting,
        detail={"rows": outcome.rows, "added": outcome.added, "changed": outcome.changed},
        at=now,
    )
    _add(sitting, new)
    # Counters last, in the order of their ids (docs/locking).
    _reset([(standing[place].pk, rows.capacity, rows.fee) for place, rows in reset.items()])
    outcome.applied = True
    return outcome


_COMPARED = ("id", "campus_id", "subject_id", "target", "fee", "offered")


def _differs(row: Offering, rows: OfferingRows) -> bool:
    # A file that names an offering that its school had closed opens it again.
    return not row.offered or row.target != rows.capacity or (rows.fee is not None and rows.fee != row.fee)


def _pieces(sitting: str) -> dict[Place, set[PieceRow]]:
    """The campuses' own pieces of the sitting, by campus and subject."""
    found: dict[Place, set[PieceRow]] = {}
    own = WindowPiece.objects.filter(sitting_id=sitting, setter=WindowPiece.Setter.CAMPUS, subject__isnull=False)
    for piece in own:
        row = PieceRow(piece.opens_at, piece.closes_at, piece.pay_until, piece.group)
        found.setdefault((str(piece.campus_id), str(piece.subject_id)), set()).add(row)
    return found


def _replace_pieces(sitting: str, moved: dict[Place, OfferingRows], subjects: dict[str, Subject]) -> None:
    for campus, subject in moved:
        WindowPiece.objects.filter(
            sitting_id=sitting, setter=WindowPiece.Setter.CAMPUS, campus_id=campus, subject_id=subject
        ).delete()
    WindowPiece.objects.bulk_create(
        [
            WindowPiece(
                sitting_id=sitting,
                setter=WindowPiece.Setter.CAMPUS,
                campus_id=campus,
                subject_id=subject,
                kind=subjects[subject].kind,
                opens_at=piece.opens_at,
                closes_at=piece.closes_at,
                pay_until=piece.pay_until,
                group=piece.group,
            )
            for (campus, subject), rows in moved.items()
            for piece in sorted(rows.pieces.values())
        ],
        batch_size=1000,
    )


def _add(sitting: str, new: dict[Place, OfferingRows]) -> None:
    Offering.objects.bulk_create(
        [
            Offering(
                sitting_id=sitting,
                campus_id=campus,
                subject_id=subject,
                target=rows.capacity,
                capacity=rows.capacity,
                fee=rows.fee,
            )
            for (campus, subject), rows in sorted(new.items())
        ],
        batch_size=1000,
    )


def _reset(changes: list[tuple[int, int, Decimal | None]]) -> None:
    if not changes:
        return
    ids, targets, fees = (list(column) for column in zip(*changes, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [ids])
        cursor.execute(_SET, [ids, targets, fees])

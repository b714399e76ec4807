"""补录 and 修改: one student by form, read by the same reader as a file's row (rule G3: one import, several doors)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from baokao.core import audit
from baokao.core.sheets import Findings
from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import masked_number
from baokao.exams.models import Campus, Subject
from baokao.roster.audit import RosterAction
from baokao.roster.imports.merging import KEPT
from baokao.roster.imports.records import COLUMNS, RecordReader, Row
from baokao.roster.models import RecordChange, RecordConflict, StudentRecord
from baokao.roster.queries import passed_before
from baokao.roster.reach import Reach
from baokao.roster.rules import GIVEN_BY_SCORE
from baokao.roster.services import conflicts, gate
from baokao.roster.services.students.history import STALE, WRITTEN, before, differs, locked, tell

_OWN = Refused("record.there", "该证件号码已在本校学籍库中，", "请在学生名单中查找并修改该学籍。", about="证件号码")


@dataclass(frozen=True)
class Saved:
    """The record, and what looked odd in it without being a fault, in Chinese."""

    record: uuid.UUID
    warnings: tuple[str, ...]


def save(
    cells: Mapping[str, str],
    *,
    sitting: str,
    reach: Reach,
    actor: str,
    name: str,
    now: datetime,
    record: uuid.UUID | None = None,
    seen: bytes | None = None,
) -> Saved:
    """Add a student, or edit `record`, whose row's digest was `seen`. `cells` are by their columns' headers; a saved
    registration keeps what it saved (rule B8), and restrictions are left to `restrict`.

    A removed student of that number is taken up again. A changed number is an edit of the one record. Raises
    RefusedError, each refusal about its column: a fault of a cell, outside of the reach, the number in the own roster,
    in another school's (学籍冲突: the claim is filed, and both schools see it), the record changed since, and as
    `gate.enter`.
    """
    subject = f"record:{record}" if record else "record:new"
    with audit.refusals(RosterAction.RECORD_REFUSED, actor=actor, subject=subject, sitting=sitting, at=now):
        row, warnings = _read(cells, reach)
        try:
            with transaction.atomic():
                gate.enter(sitting, reach.school)
                other = _other(sitting, row, record)
                if other is None or other.removed_at:
                    one = _write(row, sitting, record, other, reach, seen, name, now)
                    _told(one, actor, now, edited=record is not None)
                    return Saved(one.id, warnings)
                if other.campus_id[:5] == reach.school:
                    raise RefusedError(_OWN)
        except IntegrityError as clash:
            # The number came in by somebody else in this very moment.
            raise RefusedError(_OWN) from clash
        conflicts.claim(other, reach.school, row, name=name, now=now)
        raise RefusedError(_conflict(other))


def _read(cells: Mapping[str, str], reach: Reach) -> tuple[Row, tuple[str, ...]]:
    findings = Findings()
    campuses = set(Campus.objects.values_list("code", flat=True))
    reader = RecordReader(campuses, dict(Subject.objects.values_list("name", "code")), findings, reach)
    row = reader.read(0, [cells.get(column, "") for column in COLUMNS])
    if not findings.sound:
        raise RefusedError(
            *(
                Refused("record.cell", f"{fault.column}：{fault.reason}，", "请改正。", about=fault.column)
                for fault in findings.faults
            )
        )
    return row, tuple(f"{one.column}：{one.reason}" for one in findings.warnings)


def _other(sitting: str, row: Row, record: uuid.UUID | None) -> StudentRecord | None:
    """Another record of the sitting with this number; a removed one only where there is no other."""
    found = StudentRecord.objects.filter(
        sitting_id=sitting, id_number_digest__in=StudentRecord.id_number.search(row.number)
    )
    if record is not None:
        found = found.exclude(id=record)
    return min(found, key=lambda one: one.removed_at is not None, default=None)


def _write(
    row: Row,
    sitting: str,
    record: uuid.UUID | None,
    removed: StudentRecord | None,
    reach: Reach,
    seen: bytes | None,
    name: str,
    now: datetime,
) -> StudentRecord:
    if record is not None:
        return _edit(record, row, reach, seen, name, now)
    return _take_up(removed.id, row, name, now) if removed is not None else _add(row, sitting, name, now)


def _add(row: Row, sitting: str, name: str, now: datetime) -> StudentRecord:
    one = StudentRecord(sitting_id=sitting)
    one.id_number = row.number
    _fill(one, row)
    one.save(force_insert=True)
    tell(one, RecordChange.Kind.ADDED, name=name, now=now)
    return one


def _take_up(removed: uuid.UUID, row: Row, name: str, now: datetime) -> StudentRecord:
    """The removed record of this number stands in the roster again, unless another school took it up in this very
    moment."""
    one = locked(removed)
    if one.removed_at is None:
        raise RefusedError(STALE)
    was, one.removed_at = before(one), None
    _fill(one, row)
    one.save(update_fields=WRITTEN)
    tell(one, RecordChange.Kind.ADDED, name=name, now=now, was=was, what="、".join(differs(was, one)))
    return one


def _edit(record: uuid.UUID, row: Row, reach: Reach, seen: bytes | None, name: str, now: datetime) -> StudentRecord:
    """Restrictions, which have a form of their own, stay as they are; the same again changes nothing."""
    one = locked(record, seen)
    # It may have gone out of reach in this very moment.
    if not reach.has(one.campus_id, one.department):
        raise RefusedError(STALE)
    was, number = before(one), one.id_number
    kept = dict(zip(KEPT, row.kept, strict=True))
    kept |= {column: was[column] for column in ("subjects_restricted", "restriction_reason")}
    _fill(one, Row(row.number, tuple(kept.values())))
    what, note = differs(was, one), ""
    if number != row.number:
        what, note = ["证件号码", *what], f"证件号码由 {masked_number(number)} 改为 {masked_number(row.number)}"
        one.id_number = row.number
        RecordConflict.objects.filter(record_id=one.id, state="open").update(state="moot", settled_at=now)
    if what:
        one.save(update_fields=WRITTEN)
        tell(one, RecordChange.Kind.CHANGED, name=name, now=now, was=was, what="、".join(what), note=note)
    return one


def _fill(one: StudentRecord, row: Row) -> None:
    for name, text in zip(KEPT, row.kept, strict=True):
        setattr(one, name, text)
    one.row_digest = row.digest
    if passed_before(row.number, one.name_key):
        one.subjects_by_score = GIVEN_BY_SCORE


def _conflict(other: StudentRecord) -> Refused:
    school = Campus.objects.select_related("school").get(code=other.campus_id).school
    return Refused(
        "record.conflict",
        f"学籍冲突：该证件号码已在({school.code}){school.name}的学籍库中，",
        "已提请处理，请在“学籍冲突”中查看，或联系对方学校。",
        about="证件号码",
    )


def _told(one: StudentRecord, actor: str, now: datetime, *, edited: bool) -> None:
    audit.record(
        RosterAction.RECORD_SAVED,
        actor=actor,
        subject=f"record:{one.id}",
        sitting=one.sitting_id,
        detail={"campus": one.campus_id, "edited": edited},
        at=now,
    )

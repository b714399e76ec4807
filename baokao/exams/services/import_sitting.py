"""A sitting's whole set-up from a file that an operator writes by hand (docs/imports.md, `sitting`)."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from baokao.core import audit, yamlfile
from baokao.core.sheets import Outcome, Progress
from baokao.exams.audit import ExamsAction
from baokao.exams.imports import sitting as files
from baokao.exams.imports.sitting import SittingFile
from baokao.exams.imports.sitting.known import Known, SubjectKnown
from baokao.exams.models import Agreement, Campus, Province, School, Sitting, SittingSubject, Subject
from baokao.exams.services import turns
from baokao.exams.services.sitting import calendar, places, windows, words
from baokao.exams.services.sitting.step import Step

# A person reads the first of them; the audit row keeps as many.
_TOLD_AT_MOST = 200
_VERBS = {"added": "新增", "changed": "更改"}


@transaction.atomic
def import_sitting(path: Path, *, actor: str, dry_run: bool, progress: Progress, now: datetime) -> Outcome:
    """Set a sitting up, or change it; nothing is written on a dry run or when anything is wrong with the file.

    What the file doesn't name stays as it is. The outcome counts items: the sitting, a subject, a text, a window, a
    school's or a campus's settings. `UnreadableFile` when the file can't be taken at all.
    """
    outcome = Outcome(unit="项")
    progress("读取", 0, 0)
    root = yamlfile.read(path)
    code, faults = files.code_of(root)
    if code is None:
        outcome.findings = faults
        return outcome
    if files.names_shared(root):
        turns.take_shared()
    turns.take_sitting(code)
    file = files.read(root, _known(code), outcome.findings)
    if not outcome.findings.sound:
        return outcome
    steps = [*calendar.steps(file), *words.steps(file, now), *places.steps(file), *windows.steps(file)]
    _count(steps, outcome)
    if dry_run or outcome.nothing_to_do:
        return outcome
    progress("写入", 0, outcome.added + outcome.changed)
    for step in steps:
        step.write()
    _record(file, outcome, actor, now)
    outcome.applied = True
    return outcome


def _known(code: str) -> Known:
    sitting = Sitting.objects.filter(code=code).values().first()
    return Known(
        code,
        provinces=frozenset(Province.objects.values_list("code", flat=True)),
        schools=frozenset(School.objects.values_list("code", flat=True)),
        campuses=frozenset(Campus.objects.values_list("code", flat=True)),
        subjects={one.code: SubjectKnown(one.code, one.name, one.level, one.kind) for one in Subject.objects.all()},
        offered=frozenset(SittingSubject.objects.filter(sitting_id=code).values_list("subject_id", flat=True)),
        columns=sitting or {},
        has_agreement=Agreement.objects.filter(sitting_id=code).exists(),
    )


def _count(steps: list[Step], outcome: Outcome) -> None:
    changes = [step for step in steps if step.state in _VERBS]
    outcome.rows = len(steps)
    outcome.added = sum(step.state == "added" for step in changes)
    outcome.changed = len(changes) - outcome.added
    outcome.notes = [f"{_VERBS[step.state]}  {step.label}" for step in changes[:_TOLD_AT_MOST]]
    if len(changes) > _TOLD_AT_MOST:
        outcome.notes.append(f"另有 {len(changes) - _TOLD_AT_MOST} 项未列出")


def _record(file: SittingFile, outcome: Outcome, actor: str, now: datetime) -> None:
    detail = {"items": outcome.rows, "added": outcome.added, "changed": outcome.changed, "changes": outcome.notes}
    audit.record(
        ExamsAction.SITTING_IMPORTED, actor=actor, subject=f"sitting:{file.code}", sitting=file.code, detail=detail,
        at=now,
    )  # fmt: skip

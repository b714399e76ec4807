"""A file of a desk on its way into the roster: what was found in it, what it would do, and what became of it (G3)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from baokao.core.crypto.fields import SealedById, SealedText
from baokao.exams.models import School, Sitting
from baokao.roster.reach import Reach


class RosterImport(models.Model):
    """学籍导入 or 照片导入 of one school. It is checked by a job, looked at by a person, and applied by a job.

    The file itself lies in `core.uploads` until it is applied, refused or discarded. `moved` says that the roster had
    changed between the check and the applying, so that it was checked again.
    """

    class Kind(models.TextChoices):
        ROSTER = "roster", "学籍"
        PHOTOS = "photos", "照片"

    class Mode(models.TextChoices):
        APPEND = "append", "追加与更新"
        REPLACE = "replace", "整体替换"

    class State(models.TextChoices):
        UPLOADED = "uploaded", "等待核对"
        CHECKING = "checking", "正在核对"
        READY = "ready", "待确认"
        APPLYING = "applying", "正在写入"
        APPLIED = "applied", "已写入"
        REFUSED = "refused", "文件无法读取"
        DISCARDED = "discarded", "已放弃"
        UNDOING = "undoing", "正在撤销"
        UNDONE = "undone", "已撤销"

    WORKING = (State.UPLOADED, State.CHECKING, State.APPLYING, State.UNDOING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    mode = models.CharField(max_length=7, choices=Mode, default=Mode.APPEND)
    state = models.CharField(max_length=9, choices=State, default=State.UPLOADED)
    # What the file may touch of the school, as its sender's desk was when it came: nothing named is everything.
    campuses = models.JSONField(default=list)
    departments = models.JSONField(default=list)
    upload = models.UUIDField(null=True)
    file_name = models.CharField(max_length=100)
    file_digest = models.BinaryField()
    # How far the job is: a word for the stage, how much is done, of how much.
    stage = models.CharField(max_length=20, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # What the check came to. `blocked` faults belong to no row, so that no leaving out of rows helps against them.
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    # Of those changed or removed, how many have a registration, which keeps what it saved (rule B8).
    bound = models.PositiveIntegerField(default=0)
    without_faulty = models.BooleanField(default=False)
    moved = models.BooleanField(default=False)
    # What a person is to be told beside the state, in Chinese.
    message = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    made_by_name = models.CharField(max_length=60)
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.CharField(max_length=60, blank=True, default="")
    applied_by_name = models.CharField(max_length=60, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["school", "sitting", "-made_at"], name="imports_of_a_school")]

    @property
    def reach(self) -> Reach:
        """What the file may touch."""
        return Reach.of(self.school_id, self.campuses, self.departments)

    @property
    def working(self) -> bool:
        """Whether a job has it in hand, or is about to."""
        return self.state in self.WORKING

    @property
    def nothing_to_do(self) -> bool:
        """Whether the rows without fault say nothing new."""
        return not (self.added or self.changed or self.removed)


class ImportFinding(models.Model):
    """A fault or a warning of the check: the file's own row, column and reason (rule G3). Long runs of letters and
    digits are masked in it, for they may be an ID number in the wrong column (rule H2)."""

    class Severity(models.TextChoices):
        FAULT = "fault", "错误"
        WARNING = "warning", "提醒"

    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="findings", db_index=False)
    severity = models.CharField(max_length=7, choices=Severity)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["roster_import", "severity", "row"], name="findings_in_order")]


class ImportCells(models.Model):
    """The cells of a row with a fault, as they were typed, to be sent back with the reasons: JSON, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="cells")
    row = models.PositiveIntegerField()
    cells_sealed = models.BinaryField()
    cells = SealedById()


class ImportLine(models.Model):
    """A row as it was read, and what applying would do with it; or a record that 整体替换 would remove (without a row).

    The sealed number is sealed for the student record that it will be copied into. The columns between the digests and
    the verdict are that record's own, as text.
    """

    class Verdict(models.TextChoices):
        ADDED = "added", "新增"
        CHANGED = "changed", "更改"
        REMOVED = "removed", "移出"
        SAME = "same", "未变"
        FAULTY = "faulty", "有错误"

    # Without a constraint: to look the import up again for each line is a tenth of a check's time, and lines are
    # written and removed by the services of their import alone.
    roster_import = models.ForeignKey(
        RosterImport, models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    row = models.PositiveIntegerField(null=True)
    id_number_sealed = models.BinaryField(null=True)
    id_number_digest = models.BinaryField(null=True)
    id_number = SealedText("id_number", at_home_in="roster_studentrecord")
    row_digest = models.BinaryField(null=True)
    older_ids = ArrayField(models.BinaryField(), null=True)
    older_rows = ArrayField(models.BinaryField(), null=True)
    id_type = models.CharField(max_length=1)
    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=60)
    gender = models.CharField(max_length=1)
    campus_id = models.CharField(max_length=6)
    written_campus_id = models.CharField(max_length=6)
    degree = models.CharField(max_length=20)
    length = models.CharField(max_length=10)
    entry_year = models.CharField(max_length=10)
    grade = models.CharField(max_length=10)
    department = models.CharField(max_length=60)
    major = models.CharField(max_length=60)
    class_name = models.CharField(max_length=40)
    student_no = models.CharField(max_length=40)
    remark = models.CharField(max_length=200)
    restriction_reason = models.CharField(max_length=100)
    subjects_given = models.CharField(max_length=36)
    subjects_restricted = models.CharField(max_length=36)
    verdict = models.CharField(max_length=7, choices=Verdict, blank=True, default="", db_default="")
    # What it was compared with: the record, and its row's digest then, so that a later change of it is noticed.
    record_id = models.UUIDField(null=True)
    seen = models.BinaryField(null=True)
    bound = models.BooleanField(default=False, db_default=False)
    # Of a photo: as it would be kept.
    jpeg = models.BinaryField(null=True)
    # Labels of the columns that would change.
    differs = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["roster_import", "verdict", "row"], name="lines_by_verdict"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(row__isnull=False) | Q(verdict="removed"), name="a_line_is_of_a_row"),
        ]

"""What happened to a record, so that it can be told and undone; and records that two schools claim (rule G3)."""

import uuid

from django.db import models
from django.db.models import Q

from baokao.exams.models import School, Sitting


class RecordChange(models.Model):
    """One change of one student record: when, by whom, what, and the columns as they were before.

    `before` is null for a record that was added. ID numbers are never in it (rule H2): an import can't change one, and
    an edit that does tells the ends in `note`.
    """

    class Kind(models.TextChoices):
        ADDED = "added", "新增"
        CHANGED = "changed", "更改"
        REMOVED = "removed", "移出学籍库"
        RESTRICTED = "restricted", "限制报考"
        PHOTO = "photo", "照片"
        MOVED = "moved", "转入其他学校"
        UNDONE = "undone", "撤销导入"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    record_id = models.UUIDField()
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    roster_import_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    photo_before = models.BinaryField(null=True)
    # The labels of what changed, and a reason that a person gave.
    what = models.CharField(max_length=200, blank=True, default="", db_default="")
    note = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["record_id", "at"], name="changes_of_a_record"),
            models.Index(
                fields=["roster_import_id"], condition=Q(roster_import_id__isnull=False), name="changes_of_an_import"
            ),
        ]


class RecordConflict(models.Model):
    """学籍冲突: a school's file or form names a student who stands in another school's roster.

    `claim` is the claimant's row (the columns of merging.KEPT and its digest): whoever settles it for the claimant
    moves the record there with these.
    """

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        WITHDRAWN = "withdrawn", "申请学校已撤回"
        RELEASED = "released", "原学校已释放"
        TO_HOLDER = "to_holder", "裁定归原学校"
        TO_CLAIMANT = "to_claimant", "裁定归申请学校"
        MOOT = "moot", "已不存在冲突"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, models.PROTECT, db_constraint=False, db_index=False)
    record_id = models.UUIDField()
    holder = models.ForeignKey(School, models.PROTECT, related_name="+")
    claimant = models.ForeignKey(School, models.PROTECT, related_name="+")
    claim = models.JSONField()
    state = models.CharField(max_length=11, choices=State, default=State.OPEN)
    claimed_at = models.DateTimeField()
    claimed_by_name = models.CharField(max_length=60)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_id", "claimant"], condition=Q(state="open"), name="one_open_claim_a_school"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="a_conflict_is_settled_once",
            ),
        ]

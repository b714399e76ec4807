"""Sittings, subjects, and which subject is examined when."""

from django.db import models


class Sitting(models.Model):
    """考次: one half-yearly run of the exam. Its code is year and half, `20262` for 2026年下半年."""

    class State(models.TextChoices):
        PREPARING = "preparing", "准备中"
        OPEN = "open", "进行中"
        CLOSED = "closed", "已结束"

    code = models.CharField(primary_key=True, max_length=5)
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    # The dates that the national office announces. They are shown; what may be done when is ruled by window pieces.
    registration_opens_at = models.DateTimeField(null=True)
    registration_closes_at = models.DateTimeField(null=True)
    written_on = models.DateField(null=True)
    speaking4_on = models.DateField(null=True)
    speaking6_on = models.DateField(null=True)
    written_tickets_at = models.DateTimeField(null=True)
    speaking_tickets_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-code"]

    @property
    def half_name(self) -> str:
        """`2026年下半年`, as the home page's headings have it."""
        return f"{self.code[:4]}年{'上' if self.code[4] == '1' else '下'}半年"


class Subject(models.Model):
    """科目, with the code of the field's own list (facts, Subjects)."""

    class Kind(models.TextChoices):
        WRITTEN = "written", "笔试"
        SPEAKING = "speaking", "口试"

    code = models.CharField(primary_key=True, max_length=1)
    name = models.CharField(max_length=20, unique=True)
    level = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=8, choices=Kind)
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=models.Q(level__in=[4, 6]), name="subject_level_is_4_or_6")]

    def __str__(self) -> str:
        return f"({self.code}) {self.name}"


class SittingSubject(models.Model):
    """A subject in a sitting. Without a date it can't be entered (rule C3)."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="subjects")
    subject = models.ForeignKey(Subject, models.PROTECT)
    exam_on = models.DateField(null=True)
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "subject"], name="one_row_a_sitting_and_subject")]


class Agreement(models.Model):
    """报名协议, one row a version; the highest version of a sitting is the one to accept (rule B2)."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=30)
    body = models.TextField(help_text="One clause a line.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "version"], name="one_agreement_a_version")]

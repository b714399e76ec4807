"""Words that the offices write: notices, instructions, pages and news."""

from django.db import models
from django.db.models import Q

from baokao.exams.models.calendar import Sitting, Subject
from baokao.exams.models.places import Province, School


class Notice(models.Model):
    """省通告 or 学校通告 of a sitting; one line a paragraph."""

    sitting = models.ForeignKey(Sitting, models.PROTECT)
    province = models.ForeignKey(Province, models.PROTECT, null=True)
    school = models.ForeignKey(School, models.PROTECT, null=True)
    body = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(province__isnull=True, school__isnull=False)
                | Q(province__isnull=False, school__isnull=True),
                name="notice_is_a_provinces_or_a_schools",
            ),
            models.UniqueConstraint(fields=["sitting", "province"], name="one_notice_a_province"),
            models.UniqueConstraint(fields=["sitting", "school"], name="one_notice_a_school"),
        ]


class Instructions(models.Model):
    """报考须知 for the written or the speaking page; one line an item."""

    sitting = models.ForeignKey(Sitting, models.PROTECT)
    kind = models.CharField(max_length=8, choices=Subject.Kind)
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "kind"], name="one_instructions_a_kind")]


class Page(models.Model):
    """A content page of the public site (pages.md, `/pages/<slug>/`)."""

    slug = models.SlugField(primary_key=True, max_length=30)
    title = models.CharField(max_length=60)
    body = models.TextField()
    updated_at = models.DateTimeField()


class News(models.Model):
    """One item of CET考试最新动态 (rule F3)."""

    title = models.CharField(max_length=100)
    body = models.TextField()
    published_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name_plural = "news"

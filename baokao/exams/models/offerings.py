"""开考科目: a subject at a campus in a sitting, its counter of seats, and the windows in which it may be entered."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Left

from baokao.exams.models.calendar import Sitting, Subject
from baokao.exams.models.places import Campus, Province, School


class Offering(models.Model):
    """Fee, target and counter. `capacity` is what the database lets nobody pass; it is `max(target, taken)`, so that a
    target below what is taken (rule G6) throws nobody out and withdraws the seats that come free."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="offerings")
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="offerings")
    subject = models.ForeignKey(Subject, models.PROTECT)
    fee = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    target = models.PositiveIntegerField()
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0, db_default=0)
    offered = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "campus", "subject"], name="one_offering_a_sitting_campus_subject"
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="never_one_seat_too_many"),
            models.CheckConstraint(
                condition=Q(capacity=Greatest("target", "taken")), name="capacity_is_target_or_taken"
            ),
            models.CheckConstraint(condition=Q(fee__isnull=True) | Q(fee__gte=0), name="fee_is_not_negative"),
            models.CheckConstraint(condition=Q(offered=True) | Q(capacity=0), name="closed_offering_has_no_seats"),
        ]


class SubjectCampus(models.Model):
    """The campus that a school names for a subject, 小语种 often at the main campus only (rule C1)."""

    sitting = models.ForeignKey(Sitting, models.PROTECT)
    school = models.ForeignKey(School, models.PROTECT)
    subject = models.ForeignKey(Subject, models.PROTECT)
    campus = models.ForeignKey(Campus, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "school", "subject"], name="one_campus_a_school_and_subject"),
            models.CheckConstraint(condition=Q(school=Left("campus", 5)), name="named_campus_is_the_schools_own"),
        ]


class WindowPiece(models.Model):
    """A piece of a window (rule C13): national, province, school or campus says when, for which subject, for whom.

    The opening second is in it and the closing second is not (rule H1). A piece without a subject holds for all of
    its kind. The windows of the four that are set are intersected.
    """

    class Setter(models.TextChoices):
        NATIONAL = "national"
        PROVINCE = "province"
        SCHOOL = "school"
        CAMPUS = "campus"

    class Group(models.TextChoices):
        EVERYONE = "everyone", "全部"
        OWN = "own", "本校"
        GRADE = "grade", "年级"
        DEGREE = "degree", "学历"

    sitting = models.ForeignKey(Sitting, models.PROTECT)
    setter = models.CharField(max_length=8, choices=Setter)
    province = models.ForeignKey(Province, models.PROTECT, null=True)
    school = models.ForeignKey(School, models.PROTECT, null=True)
    campus = models.ForeignKey(Campus, models.PROTECT, null=True)
    kind = models.CharField(max_length=8, choices=Subject.Kind)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    pay_until = models.DateTimeField()
    group = models.CharField(max_length=8, choices=Group, default=Group.EVERYONE)
    group_value = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["opens_at", "id"]
        indexes = [models.Index(fields=["sitting", "campus", "subject"], name="pieces_of_a_campus")]
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="piece_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(pay_until__gte=F("closes_at")), name="piece_is_payable_until_after_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(setter="national", province__isnull=True, school__isnull=True, campus__isnull=True)
                | Q(setter="province", province__isnull=False, school__isnull=True, campus__isnull=True)
                | Q(setter="school", province__isnull=True, school__isnull=False, campus__isnull=True)
                | Q(setter="campus", province__isnull=True, school__isnull=True, campus__isnull=False),
                name="piece_names_its_setter_and_no_other",
            ),
        ]


class Freeze(models.Model):
    """冻结: from when until when a province (or the national office) lets its schools, or one of them, change neither
    their offerings and settings nor their roster (rule G6)."""

    class Area(models.TextChoices):
        SETTINGS = "settings", "开考与设置"
        ROSTER = "roster", "学籍库"

    sitting = models.ForeignKey(Sitting, models.PROTECT)
    province = models.ForeignKey(Province, models.PROTECT)
    # One school of the province, or all of them.
    school = models.ForeignKey(School, models.PROTECT, null=True)
    area = models.CharField(max_length=8, choices=Area)
    reason = models.CharField(max_length=200)
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "province", "school", "area"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="one_freeze_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(school__isnull=True) | Q(province=Left("school", 2)), name="frozen_school_is_the_provinces"
            ),
        ]

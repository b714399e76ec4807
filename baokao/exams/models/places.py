"""Provinces, schools, campuses, and whom a candidate may ask there."""

from django.db import models


class Province(models.Model):
    """省, by its two digits of GB/T 2260; 99 is the test province."""

    code = models.CharField(primary_key=True, max_length=2)
    name = models.CharField(max_length=20)

    class Meta:
        ordering = ["code"]


class School(models.Model):
    """学校: the province's two digits and three more."""

    class Outbound(models.TextChoices):
        OWN = "own", "本校"
        ANY = "any", "不限"

    code = models.CharField(primary_key=True, max_length=5)
    province = models.ForeignKey(Province, models.PROTECT, related_name="schools")
    name = models.CharField(max_length=60)
    # Rule C3: many schools forbid a 四级 beside a 六级; turning this off touches no existing entry.
    allows_both_levels = models.BooleanField(default=True, db_default=True)
    # Where the school's students may take a speaking test (rule C8).
    speaking_outbound = models.CharField(max_length=3, choices=Outbound, default=Outbound.ANY, db_default="any")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__startswith=models.F("province")), name="school_code_has_its_province"
            ),
        ]


class Campus(models.Model):
    """校区: the school's five digits and one more."""

    class Inbound(models.TextChoices):
        OWN = "own", "本校"
        PROVINCE = "province", "本省"
        NATION = "nation", "全国"

    code = models.CharField(primary_key=True, max_length=6)
    school = models.ForeignKey(School, models.PROTECT, related_name="campuses")
    name = models.CharField(max_length=60)
    # A campus may narrow what its school allows and never widen it; whose candidates it takes is its own (rule C8).
    speaking_outbound = models.CharField(
        max_length=3, choices=School.Outbound, default=School.Outbound.ANY, db_default="any"
    )
    speaking_inbound = models.CharField(max_length=8, choices=Inbound, default=Inbound.PROVINCE, db_default="province")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__startswith=models.F("school")), name="campus_code_has_its_school"
            ),
        ]


class Contact(models.Model):
    """学校负责老师 of a campus, shown beside every refusal that sends people there (rule G8)."""

    campus = models.ForeignKey(Campus, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=30)
    phone = models.CharField(max_length=40)
    office = models.CharField(max_length=80, blank=True)
    hours = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["id"]

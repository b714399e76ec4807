"""Staff accounts: who works at a desk, within which scope, and how they prove who they are (rules G1, G2)."""

import uuid

from django.db import models
from django.db.models import Q

from baokao.core.crypto.fields import SealedById


class Role(models.TextChoices):
    """The desks of rule G, a closed list."""

    NATIONAL = "national", "教育部考试中心"
    PROVINCE = "province", "省级承办机构"
    COORDINATOR = "coordinator", "学校负责老师"
    AGENT = "agent", "客服"
    SUPERVISOR = "supervisor", "客服主管"


class StaffAccount(models.Model):
    """A person at a desk. It isn't a passport: neither signs in where the other does.

    `totp_step` is the last step of 30 seconds whose code was used, so that a code that somebody looked at over a
    shoulder opens nothing again (RFC 6238, 5.2).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.CharField(max_length=254)
    account_folded = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=30)
    password = models.CharField(max_length=128)
    role = models.CharField(max_length=11, choices=Role)
    totp_secret_sealed = models.BinaryField()
    totp_secret = SealedById()
    totp_step = models.BigIntegerField(default=0, db_default=0)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role_is_known")]


class StaffScope(models.Model):
    """What an account's desk reaches: a province or a school by its code, and campuses or departments that narrow it.

    Codes are kept as text, since this app knows no places (docs/architecture.md).
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", "省"
        SCHOOL = "school", "学校"
        CAMPUS = "campus", "校区"
        DEPARTMENT = "department", "院系"

    staff = models.ForeignKey(StaffAccount, models.CASCADE, related_name="scopes")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "kind", "value"], name="one_scope_row_a_value")]


class StaffRecoveryCode(models.Model):
    """A code that stands in for 动态码 once, for who has lost the telephone; of 80 random bits, kept as
    their digest."""

    staff = models.ForeignKey(StaffAccount, models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(unique=True)
    used_at = models.DateTimeField(null=True)


class StaffSession(models.Model):
    """A signed-in browser, by the digest of what its cookie holds. Whoever reads this table can't sign in with it."""

    digest = models.BinaryField(primary_key=True)
    staff = models.ForeignKey(StaffAccount, models.CASCADE, related_name="sessions")
    opened_at = models.DateTimeField()
    # Moved on at most once a minute, by which an unattended browser is signed out.
    seen_at = models.DateTimeField()

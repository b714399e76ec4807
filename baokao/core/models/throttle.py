"""How full each throttle's bucket is."""

from django.db import models


class Throttle(models.Model):
    """One bucket, a scope and a key known by their digest only. All that counts is when it runs empty."""

    key = models.BinaryField(primary_key=True)
    empty_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "core_throttle"
        indexes = [models.Index(fields=["empty_at"], name="core_throttle_empty")]

    def __str__(self) -> str:
        return f"empty at {self.empty_at.isoformat()}"

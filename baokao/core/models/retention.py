"""What the nightly clean-up did."""

from django.db import models


class RetentionRun(models.Model):
    """One duty on one run: how many rows were deleted or blanked."""

    id = models.UUIDField(primary_key=True)
    ran_at = models.DateTimeField()
    name = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()

    class Meta:
        db_table = "core_retentionrun"
        indexes = [models.Index(fields=["ran_at"], name="core_retentionrun_ran")]

    def __str__(self) -> str:
        return f"{self.name}: {self.rows} at {self.ran_at.isoformat()}"

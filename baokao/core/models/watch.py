"""What the worker tells of itself, for /metrics and `baokao check`; the web itself may not read the audit log."""

from django.db import models


class InvariantRun(models.Model):
    """The latest result of one invariant."""

    name = models.CharField(max_length=10, primary_key=True)
    ran_at = models.DateTimeField()
    violations = models.PositiveIntegerField()

    class Meta:
        db_table = "core_invariantrun"

    def __str__(self) -> str:
        return f"{self.name}: {self.violations} at {self.ran_at.isoformat()}"


class Heartbeat(models.Model):
    """One of the worker's loops: when it last came round, and how many seconds behind its work it was."""

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField()
    behind = models.FloatField()

    class Meta:
        db_table = "core_heartbeat"

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at.isoformat()}"

"""The audit log and the seals over it. The web's role may only insert rows; nobody's role updates them."""

from django.db import models


class CurrentTransaction(models.Func):
    """The number of the transaction that inserts the row, wide enough never to wrap."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class AuditRow(models.Model):
    """One thing that somebody did or tried. Written by `audit.record` with plain SQL, never through the model.

    The id is made by the program, so that nothing has to be read back from a table that the web may not read.
    """

    id = models.UUIDField(primary_key=True)
    xact = models.BigIntegerField(db_default=CurrentTransaction())
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    sitting = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    key_id = models.SmallIntegerField()
    mac = models.BinaryField()

    class Meta:
        db_table = "core_audit"
        # The sealer reads in this order, and a person looks up what happened to one subject.
        indexes = [
            models.Index(fields=["xact", "id"], name="core_audit_order"),
            models.Index(fields=["subject", "at"], name="core_audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.actor} {self.action} {self.subject}"


class Seal(models.Model):
    """One link of the chain: every audit row of the transactions `since` (included) to `until` (excluded)."""

    number = models.BigIntegerField(primary_key=True)
    since = models.BigIntegerField()
    until = models.BigIntegerField()
    count = models.PositiveIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    key_id = models.SmallIntegerField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "core_seal"
        constraints = [models.CheckConstraint(condition=models.Q(since__lt=models.F("until")), name="core_seal_range")]

    def __str__(self) -> str:
        return f"seal {self.number}: transactions {self.since} to {self.until - 1}, {self.count} rows"

"""What a transaction wants to happen after it: a mail, a look-up. The row commits with it or not at all."""

from django.db import models


class OutboxRow(models.Model):
    """One effect to carry out. Its payload is sealed, being full of addresses, and emptied once it is done."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    payload = models.BinaryField(null=True)
    # Of core.outbox.urgency; the lower goes first.
    urgency = models.PositiveSmallIntegerField(default=5, db_default=5)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, default="", db_default="", blank=True)

    class Meta:
        db_table = "core_outbox"
        indexes = [
            models.Index(
                fields=["urgency", "due_at"],
                name="core_outbox_in_order",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} made {self.made_at.isoformat()}"

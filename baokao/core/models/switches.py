"""The operators' switches."""

from django.db import models


class Switch(models.Model):
    """One switch; a switch without a row is off."""

    name = models.CharField(max_length=40, primary_key=True)
    on = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "core_switch"

    def __str__(self) -> str:
        return f"{self.name}: {'on' if self.on else 'off'}"

"""Pictures made ahead, and the tokens that have been used."""

from django.db import models


class CaptchaPicture(models.Model):
    """A picture of digits and the same digits spoken. The answer is sealed: a dump of the table solves nothing."""

    id = models.UUIDField(primary_key=True)
    png = models.BinaryField()
    wav = models.BinaryField()
    answer = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "core_captchapicture"
        indexes = [models.Index(fields=["made_at"], name="core_captchapicture_made")]

    def __str__(self) -> str:
        return str(self.id)


class CaptchaUse(models.Model):
    """A token that has been answered, rightly or wrongly. Inserting it is what makes a token good for one answer."""

    digest = models.BinaryField(primary_key=True)
    used_at = models.DateTimeField()

    class Meta:
        db_table = "core_captchause"
        indexes = [models.Index(fields=["used_at"], name="core_captchause_used")]

    def __str__(self) -> str:
        return f"used at {self.used_at.isoformat()}"

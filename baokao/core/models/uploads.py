"""Files that people send for a job: kept in pieces, sealed, for as long as the job may need them."""

import uuid

from django.db import models


class Upload(models.Model):
    """A file as it was received. `digest` is the SHA-256 of its bytes, by which the same file is known again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.BinaryField()
    kept_at = models.DateTimeField()
    keep_until = models.DateTimeField()

    class Meta:
        db_table = "core_upload"


class UploadChunk(models.Model):
    """A piece of a file. Files are full of ID numbers, so each is sealed (rule H2), bound to its own row's id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "core_uploadchunk"
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="one_chunk_a_number")]

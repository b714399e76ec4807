"""Keeping a file in sealed pieces of a mebibyte, and opening it as a file again."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import File
from django.db import transaction

from baokao.core.crypto.sealed import seal_bytes, unseal_bytes
from baokao.core.models import Upload, UploadChunk

CHUNK = 1 << 20
# A job that failed is run again within minutes; who has to look at a preview first has some days for it.
KEPT = timedelta(days=7)
CONTEXT = "core_uploadchunk.sealed"
_NAME_AT_MOST = 100


class UploadGone(Exception):
    """The file is not kept any more. Its message is Chinese, for the person who sent it."""


@dataclass(frozen=True)
class Kept:
    """A file that is kept: its id, its length in bytes, the SHA-256 of its bytes."""

    id: uuid.UUID
    size: int
    digest: bytes


@transaction.atomic
def keep(file: File, now: datetime) -> Kept:
    """Keep an uploaded file for `KEPT`, reading it in pieces, whatever its size; the view bounds that."""
    upload = Upload(name=(file.name or "")[-_NAME_AT_MOST:], size=0, digest=b"", kept_at=now, keep_until=now + KEPT)
    upload.save(force_insert=True)
    digest = hashlib.sha256()
    for number, content in enumerate(_pieces(file)):
        chunk = uuid.uuid4()
        UploadChunk.objects.create(
            id=chunk, upload=upload, number=number, sealed=seal_bytes(content, CONTEXT, chunk.bytes)
        )
        digest.update(content)
        upload.size += len(content)
    upload.digest = digest.digest()
    upload.save(update_fields=["size", "digest"])
    return Kept(upload.id, upload.size, upload.digest)


def _pieces(file: File) -> Iterator[bytes]:
    file.seek(0)
    while content := file.read(CHUNK):
        yield content


@contextmanager
def open_file(upload: uuid.UUID) -> Iterator[Path]:
    """The file under a path of its own, readable by this program alone, until the block ends.

    Raises UploadGone when it has been removed.
    """
    kept = Upload.objects.filter(id=upload).first()
    if kept is None:
        raise UploadGone("文件的保存期限已过，请重新上传。")
    with TemporaryDirectory(prefix="baokao-") as folder:
        # Nothing of what somebody called the file reaches the disk but its ending.
        ending = Path(kept.name).suffix.lower()
        path = Path(folder) / f"file{ending if ending in ('.xlsx', '.csv', '.zip') else ''}"
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            for number in range(-(-kept.size // CHUNK)):
                chunk = UploadChunk.objects.filter(upload=upload, number=number).first()
                if chunk is None:
                    raise UploadGone("文件的保存期限已过，请重新上传。")
                out.write(unseal_bytes(chunk.sealed, CONTEXT, chunk.id.bytes))
        yield path


@transaction.atomic
def remove(upload: uuid.UUID) -> None:
    """Let the file go before its time; nothing happens when it is gone. The worker's role alone may."""
    UploadChunk.objects.filter(upload=upload).delete()
    Upload.objects.filter(id=upload).delete()

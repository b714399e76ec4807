"""Moving stored values to the current keys, in batches, while the site serves.

Safe to interrupt and to run again: a value is found by the key id in its own bytes, so what is done is not done twice,
and each row is written only if it still holds what was read.
"""

import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from baokao.core.captcha.pool import CONTEXT as CAPTCHA
from baokao.core.crypto.digests import digest
from baokao.core.crypto.fields import Sealed, registered, sealed_by_id
from baokao.core.crypto.keys import keyring
from baokao.core.crypto.sealed import seal, seal_bytes, unseal, unseal_bytes
from baokao.core.outbox.write import CONTEXT as OUTBOX

BATCH = 500


@dataclass(frozen=True)
class Column:
    """A sealed column as SQL knows it. `digest_column` is empty where the row's id takes the digest's place."""

    table: str
    key: str
    sealed: str
    digest_column: str
    context: str
    purpose: str
    # How many are read at once, where one of them is large.
    batch: int = BATCH


@dataclass(frozen=True)
class Progress:
    """How many rows of a column have been moved so far."""

    column: Column
    moved: int


def columns() -> list[Column]:
    """Every sealed column of the database."""
    # The checks before start-up import this file when models can't be yet.
    from baokao.core.uploads.chunks import CONTEXT as CHUNK

    found = [_column(sealed) for sealed in registered()]
    by_id = [
        Column(model._meta.db_table, "id", f"{text.name}_sealed", "", text.context(model), "")
        for model, text in sealed_by_id()
    ]
    # Written with plain SQL, without an attribute of a model.
    plain = [
        Column("core_captchapicture", "id", "answer", "", CAPTCHA, ""),
        Column("core_outbox", "id", "payload", "", OUTBOX, ""),
        Column("core_uploadchunk", "id", "sealed", "", CHUNK, "", batch=8),
    ]
    return [*found, *by_id, *plain]


def reseal(batch: int = BATCH) -> Generator[Progress]:
    """Seal anew what stands under an old encryption key; tells after each batch. Afterwards the old key may go."""
    current = keyring("seal").current
    for column in columns():
        yield from _walk(column, f"get_byte({column.sealed}, 1) <> {current}", _resealed, batch)


def redigest(batch: int = BATCH) -> Generator[Progress]:
    """Digest anew, and seal anew with it, what stands under an old digest key.

    Only while the read-only switch is on: uniqueness holds within one key, so that in between the same ID number could
    be written a second time under the other. The command sees to it.
    """
    current = keyring("digest").current
    for column in columns():
        if column.digest_column:
            yield from _walk(column, f"get_byte({column.digest_column}, 0) <> {current}", _redigested, batch)


Rewrite = Callable[[Column, bytes, bytes], tuple[bytes, bytes]]


def _resealed(column: Column, blob: bytes, found: bytes) -> tuple[bytes, bytes]:
    return seal_bytes(unseal_bytes(blob, column.context, found), column.context, found), found


def _redigested(column: Column, blob: bytes, found: bytes) -> tuple[bytes, bytes]:
    text = unseal(blob, column.context, found)
    new = digest(column.purpose, text)
    return seal(text, column.context, new), new


def _walk(column: Column, stale: str, rewrite: Rewrite, batch: int) -> Generator[Progress]:
    moved, after = 0, None
    while True:
        rows = _stale_rows(column, stale, after, min(batch, column.batch))
        if not rows:
            return
        with connection.cursor() as cursor:
            cursor.executemany(_update(column), [_changed(column, row, rewrite) for row in rows])
        moved, after = moved + len(rows), rows[-1][0]
        yield Progress(column, moved)


def _stale_rows(column: Column, stale: str, after: Any, batch: int) -> list[tuple[Any, bytes, Any]]:
    place = column.digest_column or column.key
    beyond = f"AND {column.key} > %s" if after is not None else ""
    with connection.cursor() as cursor:
        # Names come from the models, never from outside.
        cursor.execute(
            f"SELECT {column.key}, {column.sealed}, {place} FROM {column.table}"  # noqa: S608
            f" WHERE {column.sealed} IS NOT NULL AND {stale} {beyond} ORDER BY {column.key} LIMIT %s",
            [batch] if after is None else [after, batch],
        )
        return cursor.fetchall()


def _update(column: Column) -> str:
    digest_part = f", {column.digest_column} = %s" if column.digest_column else ""
    return (
        f"UPDATE {column.table} SET {column.sealed} = %s{digest_part}"  # noqa: S608
        f" WHERE {column.key} = %s AND {column.sealed} = %s"
    )


def _changed(column: Column, row: tuple[Any, bytes, Any], rewrite: Rewrite) -> tuple[Any, ...]:
    key, blob, place = row
    found = place.bytes if isinstance(place, uuid.UUID) else bytes(place)
    sealed, new_digest = rewrite(column, bytes(blob), found)
    return (sealed, new_digest, key, blob) if column.digest_column else (sealed, key, blob)


def _column(sealed: Sealed) -> Column:
    meta = sealed.model._meta
    text = sealed.text
    return Column(
        meta.db_table,
        str(meta.pk.column),
        text.sealed_column,
        text.digest_column,
        text.context(sealed.model),
        text.purpose,
    )

"""Appending one row to the audit log, on the caller's own transaction."""

import hmac
import json
import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from baokao.core.crypto.keys import keyring

# The transaction's number is the column's default, so one client-made statement is all: nothing is read back.
INSERT = (
    "INSERT INTO core_audit (id, at, action, actor, subject, sitting, detail, key_id, mac)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)"
)
# The same for a service that writes hundreds at once.
COPY = "COPY core_audit (id, at, action, actor, subject, sitting, detail, key_id, mac) FROM STDIN"


class AuditAction(StrEnum):
    """The base of each app's closed list of actions, kept in its `audit.py`, with values like `registration.saved`."""


def record(
    action: AuditAction,
    *,
    actor: str,
    subject: str,
    sitting: str = "",
    detail: dict[str, Any] | None = None,
    at: datetime,
) -> None:
    """Append one row. It commits or vanishes with the caller's transaction.

    `actor` reads like `passport:<hex>`, `system` or `national`, `subject` like `registration:<uuid>`. `detail` is small
    JSON without any personal data in clear (rule H2): ids, codes, counts, masked ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row(action, actor=actor, subject=subject, sitting=sitting, detail=detail, at=at))


def row(
    action: AuditAction,
    *,
    actor: str,
    subject: str,
    sitting: str = "",
    detail: dict[str, Any] | None = None,
    at: datetime,
) -> tuple[Any, ...]:
    """The values of `INSERT`, for a service that sends it down a pipeline or many at once."""
    row_id = uuid.uuid4()
    ring = keyring("audit")
    text = json.dumps(detail or {}, cls=DjangoJSONEncoder, ensure_ascii=False)
    # What is hashed is what a reader will parse again, not the objects that went in (a UUID becomes a string, say).
    message = canonical(row_id, at, str(action), actor, subject, sitting, json.loads(text))
    mac = hmac.digest(ring.key(ring.current), message, "sha256")
    return (row_id, at, str(action), actor, subject, sitting, text, ring.current, mac)


def canonical(
    row_id: uuid.UUID, at: datetime, action: str, actor: str, subject: str, sitting: str, detail: Any
) -> bytes:
    """One row's own content as bytes: the same for the row being written and for the row read back.

    Moments are in UTC with microseconds, which is what the database keeps; keys of the detail are sorted, since jsonb
    does not keep their order.
    """
    fields = [
        str(row_id),
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        action,
        actor,
        subject,
        sitting,
        detail,
    ]
    return json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def mac(key_id: int, message: bytes) -> bytes:
    """The keyed hash of a row's content under one of the audit keys."""
    return hmac.digest(keyring("audit").key(key_id), message, "sha256")

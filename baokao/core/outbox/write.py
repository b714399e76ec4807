"""Asking for an effect: one inserted row, no queue and no notification (which would serialise commits)."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from baokao.core.crypto.sealed import seal
from baokao.core.outbox import packing

CONTEXT = "core_outbox.payload"
INSERT = "INSERT INTO core_outbox (id, kind, payload, made_at, due_at) VALUES (%s, %s, %s, %s, %s)"
COPY = "COPY core_outbox (id, kind, payload, made_at, due_at) FROM STDIN"


def send_mail(to: str, template: str, context: dict[str, Any], at: datetime) -> None:
    """Ask for a mail to one address, to go out after this transaction commits.

    `template` reads `app/name`, which is `<app>/mail/<name>.txt`: its first line is `Subject: …`. `context` holds text,
    numbers, `Decimal`, moments, and lists and dictionaries of these.
    """
    put("mail", {"to": to, "template": template, "context": context}, at)


def put(kind: str, payload: dict[str, Any], at: datetime) -> None:
    """Ask for any effect that has a handler in `outbox.handlers`."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row(kind, payload, at))


def row(kind: str, payload: dict[str, Any], at: datetime) -> tuple[Any, ...]:
    """The values of `INSERT`, for a service that sends it down a pipeline."""
    row_id = uuid.uuid4()
    return (row_id, kind, seal(packing.pack(payload), CONTEXT, row_id.bytes), at, at)

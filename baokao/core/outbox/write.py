"""Asking for an effect: one inserted row, no queue and no notification (which would serialise commits)."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from baokao.core.crypto.sealed import seal
from baokao.core.outbox import packing
from baokao.core.outbox.urgency import Urgency

CONTEXT = "core_outbox.payload"
# What the ids of rows that are asked for once are made from.
_ONCE = uuid.UUID("6d1f2a53-31a7-4c0b-9c8e-5d3f0e1b7a42")
INSERT = "INSERT INTO core_outbox (id, kind, payload, urgency, made_at, due_at) VALUES (%s, %s, %s, %s, %s, %s)"
COPY = "COPY core_outbox (id, kind, payload, urgency, made_at, due_at) FROM STDIN"


def send_mail(
    to: str, template: str, context: dict[str, Any], at: datetime, urgency: Urgency = Urgency.USUAL, once: str = ""
) -> bool:
    """Ask for a mail to one address, to go out after this transaction commits.

    `template` reads `app/name`, which is `<app>/mail/<name>.txt` (core/outbox/letter.py says how it is written).
    `context` holds text, numbers, `Decimal`, moments, and lists and dictionaries of these. A mail with the same `once`
    is asked for once; False when it already was.
    """
    return put("mail", {"to": to, "template": template, "context": context}, at, urgency, once)


def put(kind: str, payload: dict[str, Any], at: datetime, urgency: Urgency = Urgency.USUAL, once: str = "") -> bool:
    """Ask for any effect that has a handler in `outbox.handlers`. False when `once` names one that is asked for."""
    values = row(kind, payload, at, urgency, uuid.uuid5(_ONCE, f"{kind}:{once}") if once else None)
    with connection.cursor() as cursor:
        cursor.execute(f"{INSERT} ON CONFLICT DO NOTHING" if once else INSERT, values)
        return cursor.rowcount == 1


def row(
    kind: str,
    payload: dict[str, Any],
    at: datetime,
    urgency: Urgency = Urgency.USUAL,
    row_id: uuid.UUID | None = None,
) -> tuple[Any, ...]:
    """The values of `INSERT`, for a service that sends it down a pipeline."""
    row_id = row_id or uuid.uuid4()
    return (row_id, kind, seal(packing.pack(payload), CONTEXT, row_id.bytes), urgency.value, at, at)

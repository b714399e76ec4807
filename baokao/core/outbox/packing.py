"""Payloads as JSON that gives back what went in, moments and amounts included."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

_TAG = "$"


def pack(payload: dict[str, Any]) -> str:
    """The payload as text. `TypeError` for what has no form here, so that it fails where it is asked for."""
    return json.dumps(payload, default=_tagged, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> dict[str, Any]:
    """The payload again."""
    found: dict[str, Any] = json.loads(text, object_hook=_untagged)
    return found


def _tagged(value: Any) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_TAG: "moment", "v": value.isoformat()}
    if isinstance(value, date):
        return {_TAG: "day", "v": value.isoformat()}
    if isinstance(value, Decimal):
        return {_TAG: "decimal", "v": str(value)}
    if isinstance(value, UUID):
        return {_TAG: "uuid", "v": str(value)}
    raise TypeError(f"a {type(value).__name__} can't go into the outbox")


_READERS: dict[str, Callable[[str], Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "decimal": Decimal,
    "uuid": UUID,
}


def _untagged(found: dict[str, Any]) -> Any:
    return _READERS[found[_TAG]](found["v"]) if _TAG in found else found

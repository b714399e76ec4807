"""Who carries out which kind of effect. Apps register theirs in their `tasks.py`."""

import uuid
from collections.abc import Callable
from typing import Any

Handler = Callable[[dict[str, Any], uuid.UUID], None]

_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a function for a kind of effect.

    It gets the payload and the row's id, and is safe to run twice for one id: after a crash it may. What it raises is
    tried again later.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def handler(kind: str) -> Handler:
    """The function of a kind; `KeyError` for a kind that nobody handles."""
    return _handlers[kind]

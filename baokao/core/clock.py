"""The one clock. A service reads it once at its top and hands the moment down."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from baokao.core.zone import SHANGHAI, local

__all__ = ["SHANGHAI", "local", "now", "travel"]

_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _travelled.get() or datetime.now(UTC)


@contextmanager
def travel(moment: datetime) -> Iterator[None]:
    """Stand still at another moment, for tests."""
    token = _travelled.set(moment)
    try:
        yield
    finally:
        _travelled.reset(token)

"""The one clock. A service reads it once at its top and hands the moment down."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _travelled.get() or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The moment as people here read it (rule H1)."""
    return moment.astimezone(SHANGHAI)


@contextmanager
def travel(moment: datetime) -> Iterator[None]:
    """Stand still at another moment, for tests."""
    token = _travelled.set(moment)
    try:
        yield
    finally:
        _travelled.reset(token)

"""One day in Beijing for the numbers and bills of a run, so that a midnight on the way changes neither."""

from datetime import UTC, datetime, time

from baokao.core.clock import SHANGHAI, local

TODAY = local(datetime.now(UTC)).date()


def now() -> datetime:
    """The moment, at most the last one of TODAY."""
    return min(datetime.now(UTC), datetime.combine(TODAY, time.max, SHANGHAI))

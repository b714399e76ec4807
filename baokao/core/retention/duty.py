"""One thing that isn't kept for ever: what, how long, and what becomes of it. Apps list theirs in `retention.py`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from baokao.core.zone import local


@dataclass(frozen=True)
class Duty:
    """Rows of `table` (as `t`) for which `due` holds are deleted, or blanked by the assignments of `blank`.

    `due` may name `%(before)s`, the moment that lies `kept` back, and `%(day)s`, its day in Shanghai. A row that was
    blanked must not be due any more, so that running twice changes nothing.
    """

    name: str
    kept: timedelta
    table: str
    due: str
    blank: str = ""
    key: str = "id"

    def parameters(self, now: datetime) -> dict[str, datetime | date]:
        """What `due` may name."""
        return {"before": self.before(now), "day": local(self.before(now)).date()}

    def before(self, now: datetime) -> datetime:
        """What happened before this moment has been kept long enough."""
        return now - self.kept

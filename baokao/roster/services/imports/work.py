"""Having a job take an import in hand, asked for in the transaction that gave the import its state."""

from datetime import datetime

from baokao.core import outbox
from baokao.roster.models import RosterImport

WORK = "roster.import"


def have_worked_on(one: RosterImport, now: datetime) -> None:
    """Somebody waits for it in front of the page."""
    outbox.put(WORK, {"import": str(one.id)}, now, outbox.Urgency.AWAITED)

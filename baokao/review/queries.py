"""Reads of reviews for the candidate's pages."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from baokao.core.raw import rows

_OWN = """
SELECT a.id, a.record_id, a.state, a.ticket_number, a.submitted_at, a.settled_at,
       (SELECT d.reason FROM review_decision d
         WHERE d.application_id = a.id AND d.outcome = 'effective' AND a.state = 'failed'
         ORDER BY d.effective_at DESC LIMIT 1),
       (SELECT d.effective_at FROM review_decision d WHERE d.application_id = a.id AND d.outcome = 'open')
  FROM review_application a
 WHERE a.sitting_id = %s AND a.passport_id = %s AND a.state <> 'withdrawn'
"""


@dataclass(frozen=True)
class Own:
    """The passport's application of the sitting. `reason` of a failure; `effective_at` when a decision that may still
    be undone takes effect, without saying which it is."""

    id: uuid.UUID
    record: uuid.UUID
    state: str
    ticket_number: str
    submitted_at: datetime
    settled_at: datetime | None
    reason: str | None
    effective_at: datetime | None


def own(passport: uuid.UUID, sitting: str) -> Own | None:
    """The passport's application, if it has one that wasn't deleted (rule E2: at most one a sitting)."""
    found = rows(_OWN, [sitting, passport])
    return Own(*found[0]) if found else None

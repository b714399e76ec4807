"""How long it is known who applied for a review (rule H5). What a review gave stays in the student record."""

from datetime import timedelta

from baokao.core.retention import Duty

_YEAR = timedelta(days=365)
# Sittings that are closed and whose written exam lies so far back.
_OVER = "t.sitting_id IN (SELECT code FROM exams_sitting WHERE state = 'closed' AND written_on < %(day)s)"
_ALONE = (
    "NOT EXISTS (SELECT FROM review_decision d WHERE d.application_id = t.id)"
    " AND NOT EXISTS (SELECT FROM review_evidence e WHERE e.application_id = t.id)"
)

DUTIES = (
    Duty(name="review.evidence", kept=_YEAR, table="review_evidence", due=_OVER),
    Duty(name="review.decisions", kept=_YEAR, table="review_decision", due=_OVER),
    Duty(
        name="review.applications",
        kept=_YEAR,
        table="review_application",
        due=f"{_OVER} AND {_ALONE}",
    ),
)

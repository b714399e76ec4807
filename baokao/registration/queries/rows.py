"""What the rows of the written and the speaking page have in common: a subject at a campus, with its verdicts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from baokao.core.verdict import Refused
from baokao.exams.rules import next_span, open_span
from baokao.registration.rules import SubjectFacts


def subject_row(
    subject: SubjectFacts, reasons: Sequence[Refused], checked: bool, refused: Iterable[Refused], now: datetime
) -> dict[str, Any]:
    """A row of a table: `reasons` say why its box can't be changed now, `refused` why a submission wasn't saved."""
    own = [refusal for refusal in refused if subject.code in refusal.about.split(",")]
    return {
        "code": subject.code,
        "label": subject.label,
        "language": subject.language,
        "eligible": subject.eligible,
        "fee": subject.fee,
        "school": subject.school,
        "campus": subject.campus,
        "light": subject.light,
        "window": window_shown(subject, now),
        "exam_on": subject.exam_on,
        "checked": checked,
        "disabled": bool(reasons),
        "reasons": [refusal.message + refusal.remedy for refusal in reasons],
        "error": "".join(refusal.beside or refusal.message for refusal in own) or None,
        "field_id": f"subject-{subject.code}",
        "entry": subject.entry,
    }


def window_shown(subject: SubjectFacts, now: datetime) -> list[tuple[datetime, datetime]]:
    """The stretch that is open, else the next, else the last: the one that a person asks about."""
    spans = [open_span(subject.spans, now) or next_span(subject.spans, now), *subject.spans[-1:]]
    return [(span.opens_at, span.closes_at) for span in spans if span][:1]


def errors(refused: Iterable[Refused], found: Iterable[SubjectFacts]) -> list[dict[str, Any]]:
    """One item a refusal, with links to the boxes that it is about."""
    labels = {subject.code: subject.label for subject in found}
    return [
        {
            "message": refusal.message,
            "remedy": refusal.remedy,
            "links": [(f"subject-{code}", labels[code]) for code in refusal.about.split(",") if code in labels],
        }
        for refusal in refused
    ]

"""A coordinator's search for the past CET-4 scores of a record (rule E6), which is written down (proof f6)."""

import uuid
from datetime import datetime

from baokao.core import audit, throttle
from baokao.core.verdict import RefusedError
from baokao.review import limits
from baokao.review.audit import ReviewAction
from baokao.review.rules import CET4
from baokao.review.services.refusals import SEARCHED_TOO_OFTEN
from baokao.roster.models import PastScore, StudentRecord

AT_MOST = 50


def search_scores(actor: str, record: uuid.UUID, now: datetime) -> list[PastScore]:
    """The CET-4 written scores under the record's ID number or, whoever's they are, its name; the own number's first,
    at most 50; none where there is no such record. Raises RefusedError when this person searches too often.

    Only what stands in a record can be searched for, so nobody fishes in the scores of strangers by typing.
    """
    found = StudentRecord.objects.filter(id=record).first()
    sitting = found.sitting_id if found else ""
    subject = f"record:{record}"
    if not throttle.several([limits.SEARCH_STAFF.of(actor)], now):
        audit.record(ReviewAction.SEARCH_THROTTLED, actor=actor, subject=subject, sitting=sitting, at=now)
        raise RefusedError(SEARCHED_TOO_OFTEN)
    scores = _scores(found)[:AT_MOST] if found else []
    audit.record(
        ReviewAction.SCORES_SEARCHED,
        actor=actor,
        subject=subject,
        sitting=sitting,
        detail={"found": len(scores)},
        at=now,
    )
    return scores


def _scores(record: StudentRecord) -> list[PastScore]:
    # A record whose person was blanked for its age (rule H5) has neither number nor name to search by.
    written = PastScore.objects.filter(subject_code=CET4).order_by("ticket_number")
    numbers = PastScore.id_number.search(record.id_number) if record.id_number else []
    own = written.filter(id_number_digest__in=numbers)
    namesakes = written.exclude(id_number_digest__in=numbers).filter(name_key=record.name_key).exclude(name_key="")
    return [*own, *namesakes[:AT_MOST]]

"""A coordinator's search for the past CET-4 scores of a record (rule E6), which is written down (proof f6)."""

import uuid
from datetime import datetime

from django.db.models import Q

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
    at most 50. Raises RefusedError when this person searches too often, or there is no such record.

    Only what stands in a record can be searched for, so nobody fishes in the scores of strangers by typing.
    """
    found = StudentRecord.objects.filter(id=record).first()
    sitting = found.sitting_id if found else ""
    subject = f"record:{record}"
    if not throttle.several([limits.SEARCH_STAFF.of(actor)], now):
        audit.record(ReviewAction.SEARCH_THROTTLED, actor=actor, subject=subject, sitting=sitting, at=now)
        raise RefusedError(SEARCHED_TOO_OFTEN)
    numbers = PastScore.id_number.search(found.id_number) if found and found.id_number else []
    name = found.name_key if found else ""
    scores = list(
        PastScore.objects.filter(Q(id_number_digest__in=numbers) | Q(name_key=name), subject_code=CET4).order_by(
            "ticket_number"
        )[: AT_MOST * 4]
    )
    scores.sort(key=lambda one: (bytes(one.id_number_digest) not in numbers, one.ticket_number))
    scores = scores[:AT_MOST]
    audit.record(
        ReviewAction.SCORES_SEARCHED,
        actor=actor,
        subject=subject,
        sitting=sitting,
        detail={"found": len(scores)},
        at=now,
    )
    return scores

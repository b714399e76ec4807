"""What a pass does, whichever way it came: the record becomes eligible and every application for it has passed
(rules E2, E3, E7)."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from baokao.core import outbox
from baokao.exams import queries as exams
from baokao.review.models import Application, Decision
from baokao.roster import services as roster
from baokao.roster.models import StudentRecord

# Who else is to be told of a record's result: the accounts of those who hold a live registration of it, by record. The
# registration app, which this one doesn't know, brings it along.
Holders = Callable[[Sequence[uuid.UUID]], dict[uuid.UUID, str]]


def nobody(records: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """No registration is known of."""
    return {}


def pass_record(record: StudentRecord, by: str, holders: Holders, now: datetime) -> int:
    """Make the locked record eligible and settle every application for it; how many those were. Each applicant and the
    holder of the registration are mailed. The caller writes the audit row."""
    subjects = roster.give_by_review(record)
    found = list(Application.objects.filter(record=record, state__in=["pending", "failed"]).select_related("passport"))
    Decision.objects.filter(application__in=found, outcome=Decision.Outcome.OPEN).update(
        outcome=Decision.Outcome.OVERTAKEN, ended_at=now
    )
    Application.objects.filter(id__in=[one.id for one in found]).update(
        state=Application.State.PASSED, settled_at=now, settled_by=by
    )
    names = exams.subject_names()
    context = {"sitting": exams.sitting_name(record.sitting_id), "subjects": [names[code] for code in subjects]}
    tell(accounts(found, [record.id], holders), "review/passed", context, now)
    return len(found)


def accounts(applications: Iterable[Application], records: Sequence[uuid.UUID], holders: Holders) -> set[str]:
    """Whom a result concerns: applicants whose account lives, and the holders of the records' registrations."""
    own = {one.passport.account for one in applications if one.passport and one.passport.ended_at is None}
    return own | set(holders(records).values())


def tell(to: set[str], template: str, context: dict[str, Any], now: datetime) -> None:
    """A mail to each."""
    for account in sorted(to):
        outbox.send_mail(account, template, context, now)

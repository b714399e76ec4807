"""Short ways of saying what the review's tests do."""

from datetime import timedelta

from baokao.registration import standing
from baokao.registration.queries import holders
from baokao.review import services
from baokao.review.models import Application, Decision
from baokao.roster.models import PastScore, StudentRecord
from baokao.roster.rules import name_key, number_key
from tests.cast import NOW, SITTING
from tests.registration.doing import mails

TICKET = "993010162100101"
OTHER_TICKET = "993010162100102"
MINUTE = timedelta(minutes=1)
AFTER = NOW + 5 * MINUTE
TEACHER, COLLEAGUE = "staff:" + "a" * 32, "staff:" + "b" * 32
PASS, FAIL = Decision.Verdict.PASS, Decision.Verdict.FAIL


def a_score(number, name="颜明", ticket=TICKET, score=430, subject="1"):
    """A past score of that ID number and name."""
    past = PastScore(
        ticket_number=ticket, id_type="6", name=name, name_key=name_key(name), subject_code=subject, score=score
    )
    past.id_number = number_key(number)
    past.save(force_insert=True)
    return past


def submit(passport, record, ticket=TICKET, eligible="1", now=NOW, client="192.0.2.7"):
    """保存并提交复核."""
    return services.submit(
        passport.id, record.id, SITTING, ticket=ticket, eligible=eligible, client=client, holders=holders, now=now
    )


def withdraw(passport, record, now=NOW):
    """删除申请."""
    services.withdraw(passport.id, record.id, SITTING, now)


def decide(application, verdict, reason="学生证与成绩单核对", now=NOW, actor=TEACHER):
    """复核通过 or 复核失败."""
    return services.decide(actor, application.id, verdict, reason, now)


def undo(application, now=NOW, actor=TEACHER):
    """撤销."""
    services.undo(actor, application.id, now)


def work(now=AFTER):
    """A round of the worker's loop."""
    return services.take_effect(holders, now)


def state(application):
    return Application.objects.get(id=application.id).state


def by_review(record):
    return StudentRecord.objects.get(id=record.id).subjects_by_review


def eligible(passport):
    """What the registration of the passport may enter now."""
    bound = standing.read(passport.id, SITTING).bound
    assert bound is not None
    return bound.eligible


def letters():
    """Template and context of the review's mails, the newest last."""
    return [(template, context) for template, context in mails() if template.startswith("review/")]

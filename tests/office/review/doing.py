"""Applications that wait at a desk, their pages, and the time that passes over them."""

from baokao.core import clock
from baokao.registration.queries import holders
from baokao.review import services
from baokao.review.evidence import pages_of
from baokao.review.models import Evidence
from tests.cast import NOW, a_passport, a_record, agreed
from tests.review.doing import MINUTE, a_score, submit
from tests.review.scans import a_scan


def waiting(stage, name="颜明", seat=1, now=NOW, passport=None, record=None, **columns):
    """An application that waits for the school: the name is in a past score, the ID number isn't."""
    record = record or a_record(stage, name=name, number=f"99301000{seat:03}", subjects="1", **columns)
    ticket = f"9930101621{seat:03}01"
    a_score(f"99301099{seat:03}", name, ticket)
    return submit(passport or agreed(a_passport()), record, ticket, now=now)


def at(application):
    return f"/office/review/{application.id}/"


def later():
    """The time to undo is over for everything that was decided."""
    return services.take_effect(holders, clock.now() + 6 * MINUTE)


def behalf(record):
    """The page on which to apply for a student."""
    return f"/office/review/behalf/{record.id}/"


def keep(application):
    """A page of proof beside it."""
    services.keep_evidence("staff:" + "0" * 32, application.id, pages_of([a_scan()]), NOW)
    return Evidence.objects.get()

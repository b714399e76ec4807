"""What the worker does over and over for this app (settings.WORKER_LOOPS)."""

from django.db import connection

from baokao.core import clock
from baokao.core.loops import Loop
from baokao.registration import queries
from baokao.registration.services import expire, warn
from baokao.review import services as review

_OVERDUE = "SELECT extract(epoch FROM %s - min(held_until)) FROM registration_entry WHERE state = 'unpaid'"


def entries() -> bool:
    """One batch of entries whose time is over; again at once while it was full."""
    return expire.expire_entries(clock.now()) >= expire.BATCH


def registrations() -> bool:
    """One batch of registrations that stayed empty; likewise."""
    return expire.expire_registrations(clock.now()) >= expire.BATCH


def warnings() -> bool:
    """One batch of each kind of warning; again at once while one was full."""
    now = clock.now()
    return max(warn.warn_of_entries(now), warn.warn_of_empty(now)) >= warn.BATCH


def reviews() -> bool:
    """One batch of reviews' decisions whose time to undo is over; likewise."""
    return review.take_effect(queries.holders, clock.now()) >= review.BATCH


def overdue() -> float:
    """Seconds by which the longest overdue entry is late."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [clock.now()])
        (late,) = cursor.fetchone()
    return max(0.0, float(late or 0))


LOOPS = (
    Loop("expiry", 2.0, entries, overdue),
    Loop("empty registrations", 20.0, registrations, lambda: 0.0, silent=120),
    Loop("warnings", 30.0, warnings, lambda: 0.0, silent=120),
    Loop("reviews", 2.0, reviews, lambda: 0.0),
)

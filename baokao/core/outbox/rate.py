"""How many mails leave a minute: in all, and for each domain of recipients.

A provider that gets more than it likes from one sender defers or blocks the sender as a whole. A part of the rate is
kept for mails that somebody waits for.
"""

from datetime import datetime, timedelta

from django.conf import settings

from baokao.core import throttle
from baokao.core.outbox.urgency import Urgency
from baokao.core.throttle import Limit

# What mails that nobody waits for may take of the rate.
USUAL_SHARE = 0.8
# A mail whose domain is full stands back for so long, that others behind it are claimed first.
STAND_BACK = timedelta(seconds=10)
WAIT = timedelta(seconds=1)


def wait_of(to: str, urgency: Urgency, now: datetime) -> timedelta | None:
    """Count this mail; None when it may leave now, else for how long it has to wait."""
    domain = _limit("mail.domain", settings.MAIL_DOMAIN_PER_MINUTE).of(to.rpartition("@")[2].lower())
    if not throttle.allow(*domain, now):
        return STAND_BACK
    house = [_limit("mail.all", settings.MAIL_PER_MINUTE).of("")]
    if urgency != Urgency.AWAITED:
        house.append(_limit("mail.usual", max(1, int(settings.MAIL_PER_MINUTE * USUAL_SHARE))).of(""))
    if throttle.several(house, now):
        return None
    throttle.give_back(*domain)
    return WAIT


def _limit(scope: str, a_minute: int) -> Limit:
    """So many a minute, of which a burst may leave at once."""
    burst = min(settings.MAIL_BURST, a_minute)
    return Limit(scope, burst, timedelta(minutes=1) * burst / a_minute)

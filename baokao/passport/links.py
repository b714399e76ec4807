"""Signed links of mails (rules A3, A5): which passport, for what, and until when, with nothing kept.

What a link signs for mixes in what it depends on: a link to a new password the password and the address, the others the
address. So a link is dead as soon as that has changed, and a service that writes under the condition that it has not
accepts it once (proof a15).
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse

from baokao.core.crypto import marks
from baokao.passport import queries
from baokao.passport.models import Passport

_SALT = "baokao.passport.links"
_MARK = 32


class Purpose(StrEnum):
    """What a link is for."""

    VERIFY = "verify"
    DISOWN = "disown"
    RESET = "reset"


LIFETIMES = {
    Purpose.VERIFY: timedelta(days=7),
    # Who finds a stranger's account at the own address may read the mail late.
    Purpose.DISOWN: timedelta(days=180),
    Purpose.RESET: timedelta(hours=2),
}


class Fate(StrEnum):
    """What has become of a link. All but FORGED are told only to who holds a link that we made."""

    ALIVE = "alive"
    OVER = "over"
    CHANGED = "changed"
    ENDED = "ended"
    FORGED = "forged"


@dataclass(frozen=True)
class Link:
    """What became of a link, and the passport that it was made for while it is alive."""

    fate: Fate
    passport: Passport | None = None


def token(purpose: Purpose, passport: Passport, now: datetime) -> str:
    """The last part of a link's address; made of letters, digits, `-`, `_` and `:`."""
    until = int((now + LIFETIMES[purpose]).timestamp())
    mark = marks.mark(f"{_SALT}.{purpose}", _mixed(purpose, passport), _MARK)
    return signing.Signer(salt=f"{_SALT}.{purpose}").sign_object([passport.id.hex, until, mark])


def addresses(purpose: Purpose, name: str, passport: Passport, now: datetime) -> list[str]:
    """The whole addresses of a new link to the view of that name, one for each base address of the site."""
    path = reverse(name, args=[token(purpose, passport, now)])
    return [base + path for base in settings.BASE_URLS]


def look(purpose: Purpose, token: str, now: datetime) -> Link:
    """What became of the link. A token that is forged or made for another purpose names nobody."""
    try:
        number, until, mark = signing.Signer(salt=f"{_SALT}.{purpose}").unsign_object(token)
        passport = queries.by_id(uuid.UUID(number))
    except (signing.BadSignature, ValueError, TypeError):
        return Link(Fate.FORGED)
    if passport is None:
        return Link(Fate.ENDED)
    if len(mark) != _MARK or not marks.holds(mark, f"{_SALT}.{purpose}", _mixed(purpose, passport)):
        return Link(Fate.CHANGED)
    return Link(Fate.ALIVE, passport) if now < datetime.fromtimestamp(until, UTC) else Link(Fate.OVER)


def passport_of(purpose: Purpose, token: str, now: datetime) -> Passport | None:
    """The passport that the token was made for; None when it is forged, made for another purpose, over, or dead because
    what it depends on has changed."""
    return look(purpose, token, now).passport


def _mixed(purpose: Purpose, passport: Passport) -> str:
    return "\0".join([passport.account, passport.password if purpose == Purpose.RESET else ""])

"""The only way to what a visitor of `/my/` may see: what stands behind the own passport, in a sitting that is open."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpResponse

from baokao.core import clock
from baokao.core.words import shown
from baokao.exams import queries as exams
from baokao.exams.models import Agreement, Sitting
from baokao.passport.middleware import CandidateRequest
from baokao.registration import rules, standing
from baokao.registration.models import Registration
from baokao.registration.standing import Bound, Standing

SITTING_COOKIE = f"{settings.COOKIE_PREFIX}sitting"
RECORD_COOKIE = f"{settings.COOKIE_PREFIX}looked_up"
_COOKIE: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
_RECORD_SALT = "baokao.registration.looked_up"
# How long a looked-up record may be looked at and saved before it is asked for again.
RECORD_MAX_AGE = 60 * 60


class SittingNotChosen(Exception):
    """Two sittings are open and the person hasn't said which (rule B1), or none is open."""


@dataclass(frozen=True)
class Visit:
    """A candidate at a page, in the sitting that was chosen."""

    request: CandidateRequest
    sitting: Sitting
    now: datetime

    @cached_property
    def standing(self) -> Standing:
        """Read when first asked for: a submission whose service reads everything itself doesn't."""
        return standing.read(self.passport, self.sitting.code)

    @property
    def passport(self) -> uuid.UUID:
        return self.request.passport.id

    @property
    def bound(self) -> Bound | None:
        return self.standing.bound

    @property
    def agreement(self) -> Agreement | None:
        return exams.agreement(self.sitting.code)

    @property
    def has_accepted(self) -> bool:
        """Whether the version of the agreement that holds now was accepted (rule B2)."""
        return self.agreement is not None and self.standing.accepted_version == self.agreement.version

    def frame(self, title: str) -> dict[str, object]:
        """What the banner, the who bar and the strip of every `/my/` page show."""
        entries = self.standing.entries
        return {
            "page_title": title,
            "who": {
                "name": self.bound.name if self.bound else "未设置",
                "sitting": self.sitting.name,
                "sitting_code": self.sitting.code,
            },
            "strip": rules.strip(
                self.bound is not None,
                [entry.state for entry in entries if entry.kind == "written"],
                [entry.state for entry in entries if entry.kind == "speaking"],
            ),
            "now": self.now,
            "updated_at": shown(self.now.replace(second=0, microsecond=0)),
        }


def visit(request: CandidateRequest) -> Visit:
    """The visit of this request. Raises SittingNotChosen unless one sitting is open or one of several was chosen."""
    return Visit(request, _sitting(request), clock.now())


def remember(response: HttpResponse, sitting: str) -> None:
    """Let the browser go on in this sitting."""
    response.set_cookie(SITTING_COOKIE, sitting, **_COOKIE)


def remember_record(response: HttpResponse, passport: uuid.UUID, record: uuid.UUID) -> None:
    """Let the browser go on with the record that this passport has just looked up."""
    response.set_cookie(RECORD_COOKIE, record_token(passport, record), max_age=RECORD_MAX_AGE, **_COOKIE)


def sittings_of(passport: uuid.UUID) -> list[Sitting]:
    """The sittings that this passport may choose between, latest first: those that are open, and earlier ones in which
    it has a registration, which stay readable (rule B1)."""
    own = Registration.objects.filter(passport_id=passport, state=Registration.State.LIVE).values("sitting_id")
    return list(Sitting.objects.filter(Q(state=Sitting.State.OPEN) | Q(state=Sitting.State.CLOSED, code__in=own)))


def _sitting(request: CandidateRequest) -> Sitting:
    opened = exams.open_sittings()
    # A form names the sitting that its page showed, so that two open pages can't be mixed up (as in rule B4).
    named = request.POST.get("sitting")
    chosen = named or request.COOKIES.get(SITTING_COOKIE)
    if len(opened) == 1 and chosen in (None, opened[0].code):
        return opened[0]
    for sitting in [*opened, *(sittings_of(request.passport.id) if chosen else [])]:
        if sitting.code == chosen:
            return sitting
    if len(opened) == 1 and not named:
        return opened[0]
    raise SittingNotChosen


def record_token(passport: uuid.UUID, record: uuid.UUID) -> str:
    """A token that this passport looked this record up, for its confirmation page and nobody else's."""
    return signing.dumps([passport.hex, record.hex], salt=_RECORD_SALT)


def looked_up(passport: uuid.UUID, token: str) -> uuid.UUID | None:
    """The record that the token was made for, or None when it is another passport's, forged or an hour old."""
    try:
        owner, record = signing.loads(token, salt=_RECORD_SALT, max_age=RECORD_MAX_AGE)
    except (signing.BadSignature, ValueError):
        return None
    return uuid.UUID(record) if owner == passport.hex else None

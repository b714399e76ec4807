"""Candidates' sessions: a signed cookie, no row.

What it signs for mixes in the password, the address and an epoch on the account, so that changing any of them ends
every session of the passport (rule A6); the account is read once a request.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from baokao.core.crypto import marks
from baokao.passport import queries
from baokao.passport.models import Passport

LIFETIME = timedelta(hours=12)
_SALT = "baokao.passport.session"
_MARK = 40


def open_for(response: HttpResponse, passport: Passport) -> None:
    """Sign the browser in as this passport. Any session that it brought along is replaced (session fixation, e7)."""
    value = signing.TimestampSigner(salt=_SALT).sign(f"{passport.id.hex}.{marks.mark(_SALT, _mixed(passport), _MARK)}")
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        value,
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def close(response: HttpResponse) -> None:
    """Take the cookie away; ending the session itself is raising the passport's epoch."""
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")


def passport_of(request: HttpRequest) -> Passport | None:
    """The passport that the request's cookie signs for, or None for a missing, forged, expired or ended session."""
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not cookie:
        return None
    try:
        value = signing.TimestampSigner(salt=_SALT).unsign(cookie, max_age=LIFETIME)
        number, mark = value.split(".")
        passport = queries.by_id(uuid.UUID(number))
    except (signing.BadSignature, ValueError):
        return None
    if passport is None or len(mark) != _MARK or not marks.holds(mark, _SALT, _mixed(passport)):
        return None
    return passport


def _mixed(passport: Passport) -> str:
    return f"{passport.password}\0{passport.account_folded}\0{passport.epoch}"

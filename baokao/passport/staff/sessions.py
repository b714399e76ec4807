"""Staff sessions: a row by the digest of what the cookie holds, ended by time, by signing out and by every change.

The cookie is scoped to `/office/`; a candidate's cookie is another, and neither opens the other's pages.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from baokao.core.verdict import RefusedError
from baokao.passport.models import StaffAccount, StaffSession
from baokao.passport.staff import rules

# Left alone for half an hour, and after a working day, a browser is signed out (ASVS 7.3).
IDLE = timedelta(minutes=30)
LIFETIME = timedelta(hours=10)
PATH = "/office/"
# `__Host-` would ask for the path `/`; `__Secure-` doesn't.
COOKIE = "__Secure-office" if settings.PRODUCTION else "office"
_SEEN_EVERY = timedelta(minutes=1)


def open_for(response: HttpResponse, staff: StaffAccount, now: datetime) -> None:
    """Sign the browser in under a fresh secret (session fixation, e7). Raises RefusedError when the account ended or
    got another password since `staff` was read, which ended every session but this one."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        unchanged = StaffAccount.objects.filter(id=staff.id, password=staff.password, ended_at__isnull=True)
        if unchanged.select_for_update(no_key=True).first() is None:
            raise RefusedError(rules.WRONG)
        StaffSession.objects.create(digest=_digest(secret), staff=staff, opened_at=now, seen_at=now)
    response.set_cookie(
        COOKIE,
        secret,
        path=PATH,
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def staff_of(request: HttpRequest, now: datetime) -> StaffAccount | None:
    """The account whose session the cookie opens, with its scopes; None for a missing, unknown or ended one."""
    cookie = request.COOKIES.get(COOKIE)
    if not cookie:
        return None
    found = (
        StaffSession.objects.select_related("staff")
        .filter(
            digest=_digest(cookie),
            opened_at__gt=now - LIFETIME,
            seen_at__gt=now - IDLE,
            staff__ended_at__isnull=True,
        )
        .first()
    )
    if found is None:
        return None
    if found.seen_at < now - _SEEN_EVERY:
        StaffSession.objects.filter(digest=found.digest).update(seen_at=now)
    return found.staff


def close(request: HttpRequest, response: HttpResponse) -> None:
    """End this browser's session and take its cookie away."""
    cookie = request.COOKIES.get(COOKIE)
    if cookie:
        StaffSession.objects.filter(digest=_digest(cookie)).delete()
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def end_all(staff: StaffAccount) -> None:
    """End every session of an account, after its password, role or second factor changed (e7)."""
    StaffSession.objects.filter(staff=staff).delete()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(b"staff session\0" + secret.encode()).digest()

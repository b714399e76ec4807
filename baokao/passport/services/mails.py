"""What accounts' owners are told by mail; each is a row of the outbox in the caller's transaction."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings

from baokao.core.outbox import send_mail
from baokao.core.words import masked_address
from baokao.passport import links
from baokao.passport.links import LIFETIMES, Purpose
from baokao.passport.models import Passport


class Occasion(StrEnum):
    """Why an address is to be verified."""

    REGISTERED = "registered"
    CHANGED = "changed"
    ASKED = "asked"


def ask_to_verify(passport: Passport, occasion: Occasion, now: datetime) -> None:
    """验证邮箱, with the way out for an owner who knows of no account: 这不是我注册的账号 (rule A3)."""
    context = {
        "occasion": str(occasion),
        "verify": links.addresses(Purpose.VERIFY, "passport:verify", passport, now),
        "until": _minute(now + LIFETIMES[Purpose.VERIFY]),
        "disown": links.addresses(Purpose.DISOWN, "account:disown", passport, now),
    }
    send_mail(passport.account, "passport/verify", context | _site(), now)


def address_changed(old: str, passport: Passport, now: datetime) -> None:
    """The old address is told (rule A6). It may be a stranger's, so the new one is masked and no name is said; the
    passport ID is what the customer service finds the account by."""
    context = {"at": _minute(now), "new": masked_address(passport.account), "passport_id": passport.passport_id}
    send_mail(old, "passport/address_changed", context | _site(), now)


def password_changed(passport: Passport, now: datetime) -> None:
    """The address is told of a new password."""
    send_mail(passport.account, "passport/password_changed", {"at": _minute(now)} | _site(), now)


def closed(passport: Passport, now: datetime) -> None:
    """The address is told that its account has ended."""
    send_mail(passport.account, "passport/closed", {"at": _minute(now)} | _site(), now)


def _minute(moment: datetime) -> datetime:
    """Without its seconds, which nobody wants to read."""
    return moment.replace(second=0, microsecond=0)


def _site() -> dict[str, Any]:
    site = settings.BASE_URLS[0] if settings.BASE_URLS else ""
    return {"site": site, "phone": settings.CUSTOMER_SERVICE_PHONE}

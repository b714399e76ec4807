"""What accounts' owners are told by mail; each is a row of the outbox in the caller's transaction."""

from datetime import datetime
from enum import StrEnum

from baokao.core.outbox import Urgency, send_mail
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
        "until": minute(now + LIFETIMES[Purpose.VERIFY]),
        "disown": links.addresses(Purpose.DISOWN, "account:disown", passport, now),
    }
    send_mail(passport.account, "passport/verify", context, now, Urgency.AWAITED)


def address_changed(old: str, passport: Passport, now: datetime) -> None:
    """The old address is told (rule A6). It may be a stranger's, so the new one is masked and no name is said; the
    passport ID is what the customer service finds the account by."""
    context = {"at": minute(now), "new": masked_address(passport.account), "passport_id": passport.passport_id}
    send_mail(old, "passport/address_changed", context, now)


def password_changed(passport: Passport, now: datetime) -> None:
    """The address is told of a new password."""
    send_mail(passport.account, "passport/password_changed", {"at": minute(now)}, now)


def password_reset(passport: Passport, now: datetime) -> None:
    """The address is told of a new password that was set by a mail's link."""
    context = {"account": passport.account, "at": minute(now)}
    send_mail(passport.account, "passport/reset_done", context, now, Urgency.AWAITED)


def closed(passport: Passport, now: datetime) -> None:
    """The address is told that its account has ended."""
    send_mail(passport.account, "passport/closed", {"at": minute(now)}, now)


def minute(moment: datetime) -> datetime:
    """Without its seconds, which nobody wants to read."""
    return moment.replace(second=0, microsecond=0)

"""The only place that writes passports."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from baokao.core import audit, throttle
from baokao.core.verdict import Refused, RefusedError
from baokao.passport import hashing, queries, rules
from baokao.passport.audit import PassportAction
from baokao.passport.models import Passport

PRIVACY_VERSION = "2026-1"

# Failed tries: ten in a quarter of an hour for one account from one client, a hundred an hour for one account from
# everywhere. The first keeps a stranger elsewhere from locking a person out; the second bounds guessing by many.
_HERE, _EVERYWHERE = (10, timedelta(minutes=15)), (100, timedelta(hours=1))
# A client whose failures pass this is still let in with the right password, since a whole campus sits behind one
# address; its further wrong tries count fourfold against the account they are aimed at.
_CLIENT = (300, timedelta(minutes=10))
_PENALTY = 3


@dataclass(frozen=True)
class NewPassport:
    """What a person typed to register; optional fields are empty."""

    email: str
    password: str
    mobile: str = ""
    id_type: str = ""
    id_number: str = ""
    name: str = ""


def check_password_rules(password: str, account: str) -> None:
    """At least 8 characters, not a common one, not the address (rule A1); raises RefusedError with every reason."""
    found = []
    try:
        validate_password(password)
    except ValidationError as failed:
        words = {
            "password_too_short": "密码至少8个字符。",
            "password_too_common": "这个密码太常见，容易被猜到，请换一个。",
        }
        found = [
            Refused(error.code or "", words.get(error.code or "", ""), about="password") for error in failed.error_list
        ]
    verdict = rules.not_the_account(password, account)
    if isinstance(verdict, Refused):
        found.append(verdict)
    if found:
        raise RefusedError(*found)


def register(new: NewPassport, now: datetime) -> Passport:
    """Make a passport (rule A1). Raises RefusedError when the password is weak or the address is taken."""
    check_password_rules(new.password, new.email)
    passport = Passport(
        account=new.email.strip(),
        account_folded=rules.folded(new.email),
        password=hashing.hashed(new.password),
        registered_at=now,
        privacy_version=PRIVACY_VERSION,
        id_type=new.id_type,
        name=new.name,
    )
    if new.mobile:
        passport.mobile = new.mobile
    if new.id_number:
        passport.id_number = new.id_number
    try:
        with transaction.atomic():
            passport.save(force_insert=True)
            audit.record(PassportAction.REGISTERED, actor=_actor(passport), subject=_actor(passport), at=now)
    except IntegrityError as taken:
        raise RefusedError(rules.TAKEN) from taken
    return passport


def sign_in(account: str, password: str, client: str, now: datetime) -> Passport:
    """The passport of this account and password (rule A4). `client` is the address that tries are counted by.

    A wrong account and a wrong password are one refusal after the same work. Raises RefusedError.
    """
    folded = rules.folded(account)
    tried = [("login.here", f"{folded}|{client}", *_HERE), ("login.everywhere", folded, *_EVERYWHERE)]
    if not throttle.several(tried, now):
        raise RefusedError(rules.TOO_MANY)
    passport = queries.by_account(folded)
    if not hashing.matches(password, passport.password if passport else None) or passport is None:
        _count_failure(folded, client, passport, now)
        raise RefusedError(rules.WRONG)
    # The limits are for failed tries: somebody who signs in again and again is not to be locked out.
    throttle.give_back("login.here", f"{folded}|{client}", *_HERE)
    audit.record(PassportAction.SIGNED_IN, actor=_actor(passport), subject=_actor(passport), at=now)
    return passport


def sign_out(passport: Passport, now: datetime) -> None:
    """End every session of the passport by raising its epoch."""
    with transaction.atomic():
        Passport.objects.filter(id=passport.id).update(epoch=F("epoch") + 1)
        audit.record(PassportAction.SIGNED_OUT, actor=_actor(passport), subject=_actor(passport), at=now)


def _count_failure(folded: str, client: str, passport: Passport | None, now: datetime) -> None:
    if not throttle.allow("login.client", client, *_CLIENT, now):
        for _ in range(_PENALTY):
            throttle.allow("login.here", f"{folded}|{client}", *_HERE, now)
    # An unknown account is recorded too, so that both kinds of failure cost the same statements.
    subject = _actor(passport) if passport else "passport:unknown"
    audit.record(PassportAction.SIGN_IN_REFUSED, actor="anonymous", subject=subject, at=now)


def _actor(passport: Passport) -> str:
    return f"passport:{passport.id.hex}"

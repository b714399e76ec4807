"""Signing in and out (rule A4)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from baokao.core import audit, throttle
from baokao.core.verdict import RefusedError
from baokao.passport import hashing, limits, queries, rules
from baokao.passport.audit import PassportAction, actor
from baokao.passport.models import Passport

UNKNOWN_SUBJECT = "passport:unknown"


def sign_in(account: str, password: str, client: str, now: datetime) -> Passport:
    """The passport of this account and password (rule A4). `client` is the address that tries are counted by.

    A wrong account and a wrong password are one refusal after the same work. Raises RefusedError.
    """
    folded = rules.folded(account)
    if not _may_try(folded, client, now):
        raise RefusedError(rules.TOO_MANY)
    known, passport = queries.to_sign_in(folded, _nobody(folded, now))
    if not hashing.matches(password, passport.password) or not known:
        _count_failure(folded, client, now)
        # An unknown account is recorded too, so that both kinds of failure cost the same statements.
        subject = (UNKNOWN_SUBJECT, actor(passport))[known]
        audit.record(PassportAction.SIGN_IN_REFUSED, actor="anonymous", subject=subject, at=now)
        raise RefusedError(rules.WRONG)
    _take_back(folded, client)
    audit.record(PassportAction.SIGNED_IN, actor=actor(passport), subject=actor(passport), at=now)
    return passport


def confirm_password(passport: Passport, password: str, client: str, now: datetime) -> None:
    """Make sure that who is signed in knows the current password (rule A6). A try counts like one to sign in, so that a
    stolen session can't guess. Raises RefusedError. Call it outside of a transaction: nothing may take the count back.
    """
    if not _may_try(passport.account_folded, client, now):
        raise RefusedError(rules.TOO_MANY_CURRENT)
    if not hashing.matches(password, passport.password):
        _count_failure(passport.account_folded, client, now)
        who = actor(passport)
        audit.record(PassportAction.CURRENT_PASSWORD_REFUSED, actor=who, subject=who, at=now)
        raise RefusedError(rules.WRONG_CURRENT)
    _take_back(passport.account_folded, client)


def sign_out(passport: Passport, now: datetime) -> None:
    """End every session of the passport by raising its epoch."""
    with transaction.atomic():
        Passport.objects.filter(id=passport.id).update(epoch=F("epoch") + 1)
        audit.record(PassportAction.SIGNED_OUT, actor=actor(passport), subject=actor(passport), at=now)


def _nobody(folded: str, now: datetime) -> Passport:
    """What an unknown account is read as: a passport that no password opens."""
    return Passport(
        account=folded, account_folded=folded, password=hashing.nobodys_password(), registered_at=now,
        privacy_version=rules.PRIVACY_VERSION,
    )  # fmt: skip


def _may_try(folded: str, client: str, now: datetime) -> bool:
    return throttle.several([_here(folded, client), limits.SIGN_IN_EVERYWHERE.of(folded)], now)


def _take_back(folded: str, client: str) -> None:
    """The limits are for failed tries: somebody who signs in again and again is not to be locked out."""
    throttle.give_back(*_here(folded, client))


def _count_failure(folded: str, client: str, now: datetime) -> None:
    if not throttle.allow(*limits.SIGN_IN_CLIENT.of(client), now):
        for _ in range(limits.SIGN_IN_PENALTY):
            throttle.allow(*_here(folded, client), now)


def _here(folded: str, client: str) -> throttle.Try:
    return limits.SIGN_IN_HERE.of(f"{folded}|{client}")

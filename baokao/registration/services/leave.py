"""The end of an account (rules A2, A3), which only one without a live registration may have.

Both ways lock the passport row first and then look for a registration. Saving one reads that row `FOR KEY SHARE`
(services/save.py), so of an account that ends and a registration that is saved at once the later sees the earlier.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.passport import queries as passports
from baokao.passport import rules as passport_rules
from baokao.passport import services
from baokao.passport.audit import PassportAction, actor
from baokao.passport.models import Passport
from baokao.registration.services.refusals import HAS_REGISTRATION
from baokao.registration.standing import is_bound

LINK_USED = Refused("link_used", "该链接已经使用过。")


class Left(StrEnum):
    """What became of an account whose address's owner says 这不是我注册的账号."""

    ENDED = "ended"
    DETACHED = "detached"


def close_account(passport: Passport, password: str, client: str, now: datetime) -> None:
    """注销账号: end the passport; its address is free and its person's data are gone.

    Raises RefusedError: the current password is wrong, there is a live registration, or the session has ended.
    """
    services.confirm_password(passport, password, client, now)
    try:
        with transaction.atomic():
            locked = passports.locked(passport.id)
            if locked is None or locked.epoch != passport.epoch:
                raise RefusedError(passport_rules.SIGNED_OUT)
            if is_bound(passport.id):
                raise RefusedError(HAS_REGISTRATION)
            services.end(locked, now)
    except RefusedError as refused:
        who = actor(passport)
        detail = {"code": refused.first.code}
        audit.record(PassportAction.CLOSE_REFUSED, actor=who, subject=who, detail=detail, at=now)
        raise


def disown(passport: Passport, now: datetime) -> Left:
    """这不是我注册的账号: end the account, or, when it has a live registration, detach the address from recovery
    (rule A3). `passport` is as the link found it. Raises RefusedError when that has been done, or the address was
    changed meanwhile."""
    try:
        with transaction.atomic():
            locked = passports.locked(passport.id)
            if locked is None or locked.account != passport.account or not locked.recoverable:
                raise RefusedError(LINK_USED)
            if is_bound(passport.id):
                services.detach(locked, now)
                return Left.DETACHED
            services.end(locked, now, disowned=True)
            return Left.ENDED
    except RefusedError:
        audit.record(PassportAction.DISOWN_REFUSED, actor="address", subject=actor(passport), at=now)
        raise

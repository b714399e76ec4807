"""Setting a new password by a mail's link (rule A5)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from baokao.core import audit, throttle
from baokao.core.verdict import RefusedError
from baokao.passport import hashing, limits, links, rules
from baokao.passport.audit import PassportAction, actor
from baokao.passport.links import Purpose
from baokao.passport.models import Passport
from baokao.passport.services import mails
from baokao.passport.services.register import check_password_rules


def reset_password(token: str, account: str, password: str, client: str, now: datetime) -> None:
    """Give the link's passport this password and end every session of it.

    Raises RefusedError: the link is dead, the address typed isn't the passport's or was wrong too often, the password
    is weak (rule A1). Who used the link reads the address's mails, so the address counts as verified (rule A3), and
    wrong tries to sign in that were counted until now are forgotten.
    """
    passport = links.passport_of(Purpose.RESET, token, now)
    if passport is None:
        raise RefusedError(rules.DEAD_LINK)
    wrong = limits.RESET_PASSPORT.of(passport.id.hex)
    with audit.refusals(PassportAction.RESET_REFUSED, actor="anonymous", subject=actor(passport), at=now):
        if not throttle.allow(*wrong, now):
            raise RefusedError(rules.TOO_MANY_RESETS)
        if rules.folded(account) != passport.account_folded:
            raise RefusedError(rules.WRONG_ADDRESS)
        throttle.give_back(*wrong)
        check_password_rules(password, passport.account)
    hashed = hashing.hashed(password)
    with transaction.atomic():
        if not replace_password(passport, hashed, now):
            raise RefusedError(rules.DEAD_LINK)
        audit.record(PassportAction.RESET, actor=actor(passport), subject=actor(passport), at=now)
        mails.password_reset(passport, now)
    throttle.forget(limits.SIGN_IN_HERE.scope, f"{passport.account_folded}|{client}", now)
    throttle.forget(limits.SIGN_IN_EVERYWHERE.scope, passport.account_folded, now)


def replace_password(passport: Passport, hashed: str, now: datetime) -> bool:
    """Write the password unless password or address changed since the passport was read: that is what makes a link good
    for one use, however many use it at once (proof a15)."""
    unchanged = Passport.objects.filter(
        id=passport.id, password=passport.password, account=passport.account, ended_at__isnull=True
    )
    return bool(unchanged.update(password=hashed, epoch=F("epoch") + 1, verified_at=Coalesce(F("verified_at"), now)))

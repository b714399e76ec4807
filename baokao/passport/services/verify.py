"""验证邮箱 (rule A3)."""

from datetime import datetime

from django.db import transaction

from baokao.core import audit, throttle
from baokao.core.verdict import RefusedError
from baokao.passport import limits, rules
from baokao.passport.audit import PassportAction, actor
from baokao.passport.models import Passport
from baokao.passport.services import mails


def ask_to_verify(passport: Passport, now: datetime) -> None:
    """Send the mail once more. Raises RefusedError when the address is verified, or was asked too often."""
    who = actor(passport)
    with audit.refusals(PassportAction.VERIFICATION_ASK_REFUSED, actor=who, subject=who, at=now):
        if passport.verified_at is not None:
            raise RefusedError(rules.VERIFIED)
        buckets = [
            limits.VERIFY_PASSPORT.of(passport.id.hex),
            limits.VERIFY_ADDRESS.of(passport.account_folded),
        ]
        if not throttle.several(buckets, now):
            raise RefusedError(rules.TOO_MANY_MAILS)
        with transaction.atomic():
            audit.record(PassportAction.VERIFICATION_ASKED, actor=actor(passport), subject=actor(passport), at=now)
            mails.ask_to_verify(passport, mails.Occasion.ASKED, now)


def verify(passport: Passport, now: datetime) -> None:
    """Mark the address that a link was sent to as its owner's: once, and only while it is still the account's address.
    `passport` is as the link found it. Raises RefusedError when it has been marked before, or changed since.

    Mails about a new password go there again, should the mailbox's owner have disowned the account by mistake.
    """
    with transaction.atomic():
        unverified = Passport.objects.filter(
            id=passport.id, account=passport.account, verified_at__isnull=True, ended_at__isnull=True
        )
        marked = unverified.update(verified_at=now, recoverable=True)
        # Who follows a link of a mail need not be signed in, and is whoever reads that mailbox.
        action = PassportAction.VERIFIED if marked else PassportAction.VERIFICATION_REFUSED
        audit.record(action, actor="address", subject=actor(passport), at=now)
    if not marked:
        raise RefusedError(rules.VERIFIED)

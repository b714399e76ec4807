"""The end of an account. Whether it may end is known above, where registrations are: `registration.services.leave`."""

from datetime import datetime

from baokao.core import audit
from baokao.passport.audit import PassportAction, actor
from baokao.passport.models import Passport
from baokao.passport.services import mails


def end(passport: Passport, now: datetime, *, disowned: bool = False) -> None:
    """End a passport that the caller's transaction has locked with `queries.locked`: its sessions and links are over,
    its address is free, and what the person had told is blanked (rule H5). The owner is told by mail, unless it is the
    address's owner who disowned the account, who is told on the page.
    """
    action = PassportAction.DISOWNED if disowned else PassportAction.CLOSED
    who = actor(passport)
    audit.record(action, actor="address" if disowned else who, subject=who, at=now)
    if not disowned:
        mails.closed(passport, now)
    passport.account = ""
    # Unique, and no address: it has no @.
    passport.account_folded = f"ended {passport.id.hex}"
    passport.password = "!"  # noqa: S105 (a hash that no password has)
    passport.epoch += 1
    passport.verified_at, passport.recoverable, passport.ended_at = None, False, now
    passport.mobile = passport.id_number = passport.id_type = passport.name = ""
    passport.save(force_update=True)


def detach(passport: Passport, now: datetime) -> None:
    """Take the address of a locked passport away from password recovery, because its owner knows of no account."""
    Passport.objects.filter(id=passport.id).update(recoverable=False, verified_at=None)
    audit.record(PassportAction.DETACHED, actor="address", subject=actor(passport), at=now)

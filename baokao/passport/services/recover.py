"""A new password for who forgot it: asking for the mail, and writing it (rule A5).

The request never looks the account up: it writes one row whether or not there is such an account, so that neither its
answer nor its time tells (proof e2). Who it is about is found out in the worker.
"""

import uuid
from datetime import datetime

from django.db import transaction

from baokao.core import audit, outbox, throttle
from baokao.core.outbox import Urgency
from baokao.passport import limits, links, queries, rules
from baokao.passport.audit import PassportAction, actor
from baokao.passport.links import Purpose
from baokao.passport.services import mails

KIND = "passport.recover"


def ask_recovery(account: str, client: str, now: datetime) -> None:
    """Ask for a mail about a new password to this address. Nothing is answered, also when it was asked too often."""
    folded = rules.folded(account)
    tries = [
        limits.RECOVER_ADDRESS.of(folded),
        limits.RECOVER_CLIENT.of(client),
        limits.RECOVER_ALL.of(""),
    ]
    if throttle.several(tries, now):
        outbox.put(KIND, {"account": folded, "at": now}, now, Urgency.AWAITED)
    else:
        audit.record(PassportAction.RECOVERY_THROTTLED, actor="anonymous", subject="passport:unknown", at=now)


def mail_recovery(account: str, asked_at: datetime, row_id: uuid.UUID, now: datetime) -> None:
    """The worker's part: mail two links to the account's address, if there is such an account and its address is its
    owner's for all we know (rule A3). Safe to run twice for one row: the mail is asked for once."""
    passport = queries.by_account(account)
    if passport is None or not passport.recoverable:
        subject = actor(passport) if passport else "passport:unknown"
        audit.record(PassportAction.RECOVERY_UNKNOWN, actor="system", subject=subject, at=now)
        return
    context = {
        "account": passport.account,
        "at": mails.minute(asked_at),
        "until": mails.minute(now + links.LIFETIMES[Purpose.RESET]),
        "links": links.addresses(Purpose.RESET, "passport:reset", passport, now),
    }
    with transaction.atomic():
        if outbox.send_mail(passport.account, "passport/recover", context, now, Urgency.AWAITED, once=row_id.hex):
            audit.record(PassportAction.RECOVERY_MAILED, actor="system", subject=actor(passport), at=now)

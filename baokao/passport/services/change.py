"""修改资料 and 修改密码 (rule A6)."""

import copy
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from baokao.core import audit, throttle
from baokao.core.verdict import Refused, RefusedError
from baokao.passport import hashing, limits, rules
from baokao.passport.audit import PassportAction, actor
from baokao.passport.models import Passport
from baokao.passport.services import mails
from baokao.passport.services.register import check_password_rules
from baokao.passport.services.sign_in import confirm_password


@dataclass(frozen=True)
class Profile:
    """What the account is to say. An empty part is emptied; mobile and number stay as they are when None, since a page
    shows them masked."""

    email: str
    mobile: str | None = ""
    id_type: str = ""
    id_number: str | None = ""
    name: str = ""


def change_profile(passport: Passport, wanted: Profile, current: str, client: str, now: datetime) -> Passport:
    """Change what the account says, and return it as it then is.

    Another address needs the current password. It is unverified, gets its first mail, ends every other session, and the
    old one is told (rules A3, A6). Raises RefusedError; nothing is changed then.
    """
    new = _wanted(passport, wanted)
    changed = [part for part in _COLUMNS if getattr(new, part) != getattr(passport, part)]
    if not changed:
        return passport
    columns = [column for part in changed for column in _COLUMNS[part]]
    if "account" not in changed:
        with _unless_signed_out(passport, now), transaction.atomic():
            _write(passport, new, columns)
            _record(PassportAction.PROFILE_CHANGED, passport, now, parts=changed)
        return new
    _may_move(passport, new.account, current, client, now)
    new.verified_at, new.recoverable, new.epoch = None, True, passport.epoch + 1
    try:
        with _unless_signed_out(passport, now), transaction.atomic():
            _write(passport, new, [*columns, "verified_at", "recoverable", "epoch"])
            _record(PassportAction.ADDRESS_CHANGED, passport, now, parts=changed)
            mails.address_changed(passport.account, new, now)
            mails.ask_to_verify(new, mails.Occasion.CHANGED, now)
    except IntegrityError as taken:
        raise _refused(passport, rules.TAKEN, now) from taken
    return new


def change_password(passport: Passport, current: str, password: str, client: str, now: datetime) -> Passport:
    """Give the account another password, and return it as it then is: every session that was open is over, and its
    address is told. Raises RefusedError for a wrong current password or a weak new one."""
    confirm_password(passport, current, client, now)
    if password == current:
        raise _refused(passport, rules.SAME_PASSWORD, now)
    try:
        check_password_rules(password, passport.account)
    except RefusedError as weak:
        _refused(passport, weak.first, now)
        raise
    new = copy.copy(passport)
    new.password, new.epoch = hashing.hashed(password), passport.epoch + 1
    with _unless_signed_out(passport, now), transaction.atomic():
        _write(passport, new, ["password", "epoch"])
        _record(PassportAction.PASSWORD_CHANGED, passport, now)
        mails.password_changed(passport, now)
    return new


# The columns of each part that a person may change; nothing else of an account is ever taken from a form.
_COLUMNS = {
    "account": ("account", "account_folded"),
    "mobile": ("mobile_sealed", "mobile_digest"),
    "id_type": ("id_type",),
    "id_number": ("id_number_sealed", "id_number_digest"),
    "name": ("name",),
}


def _wanted(passport: Passport, wanted: Profile) -> Passport:
    """The account as it would be, not saved."""
    new = copy.copy(passport)
    new.account = wanted.email.strip()
    new.account_folded = rules.folded(wanted.email)
    new.id_type, new.name = wanted.id_type, wanted.name
    # Sealing the same text again gives other bytes, so what stays is left alone.
    if wanted.mobile is not None and wanted.mobile != passport.mobile:
        new.mobile = wanted.mobile
    if wanted.id_number is not None and wanted.id_number != passport.id_number:
        new.id_number = wanted.id_number
    return new


def _may_move(passport: Passport, account: str, current: str, client: str, now: datetime) -> None:
    """Raise RefusedError unless the address may be changed to this one, as far as can be told before writing."""
    if not current:
        raise _refused(passport, rules.NO_CURRENT, now)
    confirm_password(passport, current, client, now)
    if not throttle.allow(*limits.CHANGE_ADDRESS.of(passport.id.hex), now):
        raise _refused(passport, rules.TOO_MANY_ADDRESSES, now)
    if not rules.not_the_account(current, account):
        raise _refused(passport, rules.ADDRESS_IS_PASSWORD, now)


def _write(passport: Passport, new: Passport, columns: list[str]) -> None:
    """Write the columns if the session that asks is still open: its epoch is in the condition."""
    live = Passport.objects.filter(id=passport.id, epoch=passport.epoch, ended_at__isnull=True)
    if live.update(**{column: getattr(new, column) for column in columns}) == 0:
        raise RefusedError(rules.SIGNED_OUT)


def _record(action: PassportAction, passport: Passport, now: datetime, **detail: Any) -> None:
    audit.record(action, actor=actor(passport), subject=actor(passport), detail=detail, at=now)


def _unless_signed_out(passport: Passport, now: datetime) -> AbstractContextManager[None]:
    """Records that the session had ended when the change was to be written."""
    return audit.refusals(PassportAction.CHANGE_REFUSED, actor=actor(passport), subject=actor(passport), at=now)


def _refused(passport: Passport, refusal: Refused, now: datetime) -> RefusedError:
    """The refusal, recorded; to be raised outside of the transaction that it undid."""
    _record(PassportAction.CHANGE_REFUSED, passport, now, codes=[refusal.code])
    return RefusedError(refusal)

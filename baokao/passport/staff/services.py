"""Making staff accounts, signing them in, and what they change of themselves (rule G2)."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from baokao.core import audit, throttle
from baokao.core.verdict import Refused, RefusedError
from baokao.passport import hashing
from baokao.passport import rules as passports
from baokao.passport.models import StaffAccount, StaffRecoveryCode, StaffScope
from baokao.passport.services import check_password_rules
from baokao.passport.staff import limits, rules, second_factor, sessions
from baokao.passport.staff.audit import StaffAction, actor


@dataclass(frozen=True)
class NewStaff:
    """An account to be made: `scopes` gives the codes or names of each kind of scope."""

    account: str
    name: str
    role: str
    scopes: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Credentials:
    """What a new or renewed account is handed over with, shown once and kept nowhere in clear."""

    account: str
    password: str
    totp_secret: str
    recovery_codes: tuple[str, ...]


def make(new: NewStaff, by: str, now: datetime, password: str = "", totp_secret: str = "") -> Credentials:
    """Make an account with a password and a second factor of its own, both drawn here unless given. `by` is who does
    it, as the audit log names them. Raises RefusedError when the address is taken or the scope doesn't fit the role."""
    verdict = rules.scope_verdict(new.role, new.scopes)
    if isinstance(verdict, Refused):
        raise RefusedError(verdict)
    given = Credentials(
        new.account,
        password or secrets.token_urlsafe(12),
        totp_secret or second_factor.new_secret(),
        tuple(second_factor.new_recovery_codes()),
    )
    staff = StaffAccount(
        account=new.account, account_folded=passports.folded(new.account), name=new.name, role=new.role,
        password=hashing.hashed(given.password), made_at=now,
    )  # fmt: skip
    staff.totp_secret = given.totp_secret
    try:
        with transaction.atomic():
            staff.save(force_insert=True)
            StaffScope.objects.bulk_create(
                StaffScope(staff=staff, kind=kind, value=value)
                for kind, values in new.scopes.items()
                for value in values
            )
            _keep(staff, given.recovery_codes)
            detail = {"role": new.role, "scopes": {kind: list(values) for kind, values in new.scopes.items()}}
            audit.record(StaffAction.MADE, actor=by, subject=actor(staff.id), detail=detail, at=now)
    except IntegrityError as taken:
        raise RefusedError(rules.TAKEN) from taken
    return given


def sign_in(account: str, password: str, code: str, client: str, now: datetime) -> StaffAccount:
    """The account that this password and 动态码, or recovery code, are of. A wrong account, password and code are one
    refusal. Raises RefusedError."""
    folded = passports.folded(account)
    here, everywhere = limits.HERE.of(f"{folded}|{client}"), limits.EVERYWHERE.of(folded)
    if not throttle.several([here, everywhere], now):
        raise RefusedError(rules.TOO_MANY)
    staff = StaffAccount.objects.filter(account_folded=folded, ended_at__isnull=True).first()
    right = hashing.matches(password, staff.password if staff else None)
    if staff is None or not right or not _use(staff, code, now):
        subject = actor(staff.id) if staff else "staff:unknown"
        audit.record(StaffAction.SIGN_IN_REFUSED, actor="anonymous", subject=subject, at=now)
        raise RefusedError(rules.WRONG)
    throttle.give_back(*here)
    throttle.give_back(*everywhere)
    audit.record(StaffAction.SIGNED_IN, actor=actor(staff.id), subject=actor(staff.id), at=now)
    return staff


def change_password(staff: StaffAccount, current: str, new: str, client: str, now: datetime) -> None:
    """Set a new password, which ends every session of the account (rule A6). Raises RefusedError."""
    who = actor(staff.id)
    here = limits.HERE.of(f"{staff.account_folded}|{client}")
    with audit.refusals(StaffAction.CHANGE_REFUSED, actor=who, subject=who, at=now):
        if not throttle.allow(*here, now):
            raise RefusedError(rules.TOO_MANY_CURRENT)
        if not hashing.matches(current, staff.password):
            raise RefusedError(rules.WRONG_CURRENT)
        check_password_rules(new, staff.account)
    throttle.give_back(*here)
    encoded = hashing.hashed(new)
    with transaction.atomic():
        # Renewed in this very moment, it is that password which holds.
        if not StaffAccount.objects.filter(id=staff.id, password=staff.password).update(password=encoded):
            raise RefusedError(rules.WRONG_CURRENT)
        sessions.end_all(staff)
        audit.record(StaffAction.PASSWORD_CHANGED, actor=who, subject=who, at=now)


def renew_recovery_codes(staff: StaffAccount, now: datetime) -> tuple[str, ...]:
    """New recovery codes in place of all before."""
    codes = tuple(second_factor.new_recovery_codes())
    with transaction.atomic():
        _keep(staff, codes)
        audit.record(StaffAction.RECOVERY_CODES_MADE, actor=actor(staff.id), subject=actor(staff.id), at=now)
    return codes


def renew(account: str, by: str, now: datetime) -> Credentials:
    """New password and second factor for who has lost theirs; every session ends. Raises RefusedError."""
    with transaction.atomic():
        staff = _of(account)
        codes = tuple(second_factor.new_recovery_codes())
        given = Credentials(staff.account, secrets.token_urlsafe(12), second_factor.new_secret(), codes)
        staff.password, staff.totp_secret = hashing.hashed(given.password), given.totp_secret
        staff.save(update_fields=["password", "totp_secret_sealed"])
        _keep(staff, given.recovery_codes)
        sessions.end_all(staff)
        audit.record(StaffAction.RENEWED, actor=by, subject=actor(staff.id), at=now)
    return given


def end(account: str, by: str, now: datetime) -> None:
    """End an account: nobody signs in with it any more, and its sessions end. Raises RefusedError."""
    with transaction.atomic():
        staff = _of(account)
        staff.ended_at = now
        staff.save(update_fields=["ended_at"])
        sessions.end_all(staff)
        audit.record(StaffAction.ENDED, actor=by, subject=actor(staff.id), at=now)


def signed_out(staff_id: uuid.UUID, now: datetime) -> None:
    """Note that somebody signed out."""
    audit.record(StaffAction.SIGNED_OUT, actor=actor(staff_id), subject=actor(staff_id), at=now)


def _of(account: str) -> StaffAccount:
    found = StaffAccount.objects.select_for_update().filter(account_folded=passports.folded(account)).first()
    if found is None or found.ended_at:
        raise RefusedError(rules.UNKNOWN)
    return found


def _use(staff: StaffAccount, code: str, now: datetime) -> bool:
    """Use a code up: whoever comes second with the same one, be it in the same moment, is refused."""
    given = second_factor.typed(code)
    step = second_factor.step_of(staff.totp_secret, given, now)
    if step is not None:
        return bool(StaffAccount.objects.filter(id=staff.id, totp_step__lt=step).update(totp_step=step))
    unused = StaffRecoveryCode.objects.filter(staff=staff, used_at__isnull=True)
    return bool(unused.filter(digest=second_factor.recovery_digest(given)).update(used_at=now))


def _keep(staff: StaffAccount, codes: Sequence[str]) -> None:
    staff.recovery_codes.all().delete()
    StaffRecoveryCode.objects.bulk_create(
        StaffRecoveryCode(staff=staff, digest=second_factor.recovery_digest(code)) for code in codes
    )

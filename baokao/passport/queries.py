"""Reads of accounts, by prepared statements: every page of a candidate begins with one."""

import uuid

from baokao.core.raw import rows
from baokao.passport.models import Passport

_COLUMNS = [field.attname for field in Passport._meta.concrete_fields]
_READ = f"SELECT {', '.join(_COLUMNS)} FROM passport_passport WHERE ended_at IS NULL AND "  # noqa: S608 (own names)
_BY_ID = _READ + "id = %s"
_BY_ACCOUNT = _READ + "account_folded = %s"
_LOCKED = _BY_ID + " FOR UPDATE"
# One row whether there is such an account or not: what nobody has is filled from a stand-in's, so that reading it costs
# the same (rule A4).
_TO_SIGN_IN = (
    f"SELECT p.id IS NOT NULL, {', '.join(f'coalesce(p.{column}, %s)' for column in _COLUMNS)}"  # noqa: S608 (own names)
    " FROM (SELECT) one LEFT JOIN passport_passport p ON p.account_folded = %s AND p.ended_at IS NULL"
)


def by_id(number: uuid.UUID) -> Passport | None:
    """The live passport of this ID."""
    return _one(_BY_ID, number)


def by_account(folded: str) -> Passport | None:
    """The live passport of this address in its folded form (rule A1)."""
    return _one(_BY_ACCOUNT, folded)


def to_sign_in(folded: str, stand_in: Passport) -> tuple[bool, Passport]:
    """Whether there is a live passport of this address, and it, or else the stand-in; in the same time."""
    ((known, *values),) = rows(_TO_SIGN_IN, [*(getattr(stand_in, column) for column in _COLUMNS), folded])
    return known, Passport.from_db("default", _COLUMNS, values)


def locked(number: uuid.UUID) -> Passport | None:
    """The live passport of this ID, held against every other change, and against being bound to a record, until the
    transaction ends (docs/locking.md)."""
    return _one(_LOCKED, number)


def _one(statement: str, parameter: object) -> Passport | None:
    found = rows(statement, [parameter])
    return Passport.from_db("default", _COLUMNS, found[0]) if found else None

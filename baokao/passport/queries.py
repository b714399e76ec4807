"""Reads of accounts, by prepared statements: every page of a candidate begins with one."""

import uuid

from baokao.core.raw import rows
from baokao.passport.models import Passport

_COLUMNS = [field.attname for field in Passport._meta.concrete_fields]
_READ = f"SELECT {', '.join(_COLUMNS)} FROM passport_passport WHERE ended_at IS NULL AND "  # noqa: S608 (own names)
_BY_ID = _READ + "id = %s"
_BY_ACCOUNT = _READ + "account_folded = %s"
_LOCKED = _BY_ID + " FOR UPDATE"


def by_id(number: uuid.UUID) -> Passport | None:
    """The live passport of this ID."""
    return _one(_BY_ID, number)


def by_account(folded: str) -> Passport | None:
    """The live passport of this address in its folded form (rule A1)."""
    return _one(_BY_ACCOUNT, folded)


def locked(number: uuid.UUID) -> Passport | None:
    """The live passport of this ID, held against every other change, and against being bound to a record, until the
    transaction ends (docs/locking.md)."""
    return _one(_LOCKED, number)


def _one(statement: str, parameter: object) -> Passport | None:
    found = rows(statement, [parameter])
    return Passport.from_db("default", _COLUMNS, found[0]) if found else None

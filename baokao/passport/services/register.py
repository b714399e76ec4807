"""Making a passport (rule A1)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.passport import hashing, rules
from baokao.passport.audit import PassportAction, actor
from baokao.passport.models import Passport
from baokao.passport.services import mails


@dataclass(frozen=True)
class NewPassport:
    """What a person typed to register; optional fields are empty."""

    email: str
    password: str
    mobile: str = ""
    id_type: str = ""
    id_number: str = ""
    name: str = ""


def check_password_rules(password: str, account: str) -> None:
    """At least 8 characters, not a common one, not the address (rule A1); raises RefusedError with every reason."""
    found = []
    try:
        validate_password(password)
    except ValidationError as failed:
        words = {
            "password_too_short": "密码至少8个字符。",
            "password_too_common": "这个密码太常见，容易被猜到，请换一个。",
        }
        found = [
            Refused(error.code or "", words.get(error.code or "", ""), about="password") for error in failed.error_list
        ]
    verdict = rules.not_the_account(password, account)
    if isinstance(verdict, Refused):
        found.append(verdict)
    if found:
        raise RefusedError(*found)


def register(new: NewPassport, now: datetime) -> Passport:
    """Make a passport (rule A1), keep the consent with it (rule H5), and ask for the first mail to its address (A3).

    Raises RefusedError when the password is weak or the address is taken.
    """
    with audit.refusals(PassportAction.REGISTER_REFUSED, actor="anonymous", subject="passport:unknown", at=now):
        check_password_rules(new.password, new.email)
    passport = Passport(
        account=new.email.strip(),
        account_folded=rules.folded(new.email),
        password=hashing.hashed(new.password),
        registered_at=now,
        privacy_version=rules.PRIVACY_VERSION,
        privacy_consented_at=now,
        id_type=new.id_type,
        name=new.name,
    )
    if new.mobile:
        passport.mobile = new.mobile
    if new.id_number:
        passport.id_number = new.id_number
    try:
        with transaction.atomic():
            passport.save(force_insert=True)
            audit.record(
                PassportAction.REGISTERED,
                actor=actor(passport),
                subject=actor(passport),
                detail={"privacy": rules.PRIVACY_VERSION},
                at=now,
            )
            mails.ask_to_verify(passport, mails.Occasion.REGISTERED, now)
    except IntegrityError as taken:
        audit.record(PassportAction.REGISTER_REFUSED, actor="anonymous", subject="passport:unknown", at=now)
        raise RefusedError(rules.TAKEN) from taken
    return passport

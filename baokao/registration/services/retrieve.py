"""账号找回: which passport a person registered with, told to whom knows type, number and name (rule A8)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from baokao.core import audit, outbox, throttle
from baokao.core.outbox import Urgency
from baokao.core.verdict import Refused, RefusedError
from baokao.registration import limits
from baokao.registration.audit import RegistrationAction
from baokao.registration.queries.retrieving import latest_registration, whose
from baokao.roster.rules import name_key, number_key

MISSED = Refused("account_not_found", "未查到报名账号，请核对所填信息，或致电客服、联系学校负责老师。")
TOO_MANY = Refused("too_many", "查询次数过多，请一小时后再试，或致电客服、联系学校负责老师。")


@dataclass(frozen=True)
class Retrieved:
    """The account, and the sitting it is registered in."""

    account: str
    sitting: str


def retrieve_account(id_type: str, number: str, name: str, client: str, now: datetime) -> Retrieved:
    """The account of this person's live registration in the latest sitting that has one, compared as in rule B3.

    The account's address is told of it. Raises RefusedError: one refusal after the same work for every kind of miss,
    and another when this ID number, this name or this client was asked for too often.
    """
    wanted, its_name = number_key(number), name_key(name)
    tries = [
        limits.RETRIEVE_NUMBER.of(wanted),
        limits.RETRIEVE_NAME_HERE.of(f"{its_name}|{client}"),
        limits.RETRIEVE_NAME.of(its_name),
        limits.RETRIEVE_CLIENT.of(client),
    ]
    if not throttle.several(tries, now):
        _record(RegistrationAction.RETRIEVE_THROTTLED, "registration:unknown", now)
        raise RefusedError(TOO_MANY)
    found = latest_registration(id_type, wanted, its_name)
    if found is None:
        _record(RegistrationAction.RETRIEVE_MISSED, "registration:unknown", now)
        raise RefusedError(MISSED)
    account, sitting = whose(found)
    with transaction.atomic():
        _record(RegistrationAction.RETRIEVED, f"registration:{found}", now)
        context = {"at": now, "sitting": sitting}
        outbox.send_mail(account, "registration/retrieved", context, now, Urgency.AWAITED)
    return Retrieved(account, sitting)


def _record(action: RegistrationAction, subject: str, now: datetime) -> None:
    audit.record(action, actor="anonymous", subject=subject, at=now)

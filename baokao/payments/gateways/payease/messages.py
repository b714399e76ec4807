"""What PayEase tells us unasked: the browser's return and the notification, with every check that needs no database.

Two traps. `1` means «submitted» in a return and «paid» in a notification, so each has states of its own. And no single
digest ties order, state and amount together but the operator's signature: without it a notification proves nothing
until the operator was asked (`trades.confirm`).
"""

import re
from collections.abc import Sequence

from baokao.payments.gateways.contract import Fact, Message, Rejected, State
from baokao.payments.gateways.payease import digests, parameters
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.payease.parameters import Value
from baokao.payments.gateways.payease.requests import YUAN
from baokao.payments.gateways.values import yuan

_JOINED = "|_|"
_COUNT = re.compile(r"[1-4]")
# A payment that a bank refused may still be tried again there under the same number, so it isn't closed.
_NOTIFIED = {"1": State.PAID, "3": State.WAITING, "0": State.WAITING}
_RETURNED = ("1", "20", "30")
_TEXTS = ("v_pmode", "v_pstring")


def read_return(account: Account, message: Message) -> str | Rejected:
    """The number of the payment from which the browser comes back (rule D3: no proof of money)."""
    if message.method != "GET" or message.body:
        return Rejected("method", "A return is a GET.")
    try:
        told = parameters.read(message.query)
        order, status, amount, currency = (
            parameters.plain(told, name) for name in ("v_oid", "v_pstatus", "v_amount", "v_moneytype")
        )
        proved = _proved(account, told, "v_md5info", ("v_oid", "v_pstatus", "v_pstring", "v_pmode"))
        signed = _signed(account, told, order, status, amount, currency)
    except parameters.Malformed as why:
        return Rejected("malformed", f"Not parameters of PayEase's: {why}.")
    if not proved or not signed:
        return Rejected("signature", "A digest or the signature is not PayEase's over this message.")
    number = account.number(order)
    if number is None or status not in _RETURNED:
        return Rejected("number", "v_oid is no order of ours, or v_pstatus is unknown.")
    return number


def read_notification(account: Account, message: Message) -> list[Fact] | Rejected:
    """The facts of a notification, one to four (rules D3 and D4). Are the payments ours, their amounts right? The
    caller asks."""
    if message.method not in ("GET", "POST") or (message.query and message.body):
        return Rejected("method", "A notification is a GET with a query, or a POST with a form.")
    try:
        told = parameters.read(message.body or message.query)
        count = parameters.plain(told, "v_count")
        order, status, amount, currency = (
            parameters.plain(told, name) for name in ("v_oid", "v_pstatus", "v_amount", "v_moneytype")
        )
        columns = [text.split(_JOINED) for text in (order, status, amount, currency)]
        if not _COUNT.fullmatch(count) or any(len(column) != int(count) for column in columns):
            return Rejected("count", "v_count does not say how many orders there are.")
        proved = _proved(account, told, "v_mac", ("v_oid", "v_pmode", "v_pstatus", "v_pstring", "v_count"))
        signed = _signed(account, told, order, status, amount, currency, count)
    except parameters.Malformed as why:
        return Rejected("malformed", f"Not parameters of PayEase's: {why}.")
    if not proved or not signed:
        return Rejected("signature", "A digest or the signature is not PayEase's over this message.")
    return _facts(account, list(zip(*columns, strict=True)))


def _facts(account: Account, rows: Sequence[tuple[str, ...]]) -> list[Fact] | Rejected:
    found: dict[str, Fact] = {}
    for order, status, amount, currency in rows:
        number, sum_, state = account.number(order), yuan(amount), _NOTIFIED.get(status)
        if number is None or number in found:
            return Rejected("number", "v_oid is no order of ours, or stands there twice.")
        if not sum_:
            return Rejected("amount", "v_amount is nothing or malformed.")
        if currency != YUAN:
            return Rejected("currency", "v_moneytype is not yuan.")
        if state is None:
            return Rejected("state", "v_pstatus is unknown.")
        found[number] = Fact(number, state, sum_, trade=order)
    return list(found.values())


def _proved(account: Account, told: dict[str, Value], name: str, fields: Sequence[str]) -> bool:
    """Whether the digest over these fields, and the one over the money, are right. Of the two texts every spelling is
    tried: each needs the key, so that weakens nothing."""
    for field in fields:
        if field not in told:
            raise parameters.Malformed(f"{field} is missing")
    spellings = [
        told[field].spellings() if field in _TEXTS else (parameters.plain(told, field).encode(),) * 4
        for field in fields
    ]
    messages = [b"".join(parts) for parts in zip(*spellings, strict=True)]
    money = (parameters.plain(told, "v_amount") + parameters.plain(told, "v_moneytype")).encode()
    whole = digests.proves(account.keys, messages, parameters.plain(told, name))
    return digests.proves(account.keys, [money], parameters.plain(told, "v_md5money")) and whole


def _signed(account: Account, told: dict[str, Value], *parts: str) -> bool:
    """Whether the operator signed this; taken as read without its key, when everything is asked for anyhow."""
    if account.public_key is None:
        return True
    return digests.signed(account.public_key, parameters.plain(told, "v_sign"), *parts)

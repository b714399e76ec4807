"""Everything that can be made to go wrong, by name: with a trade's notifications, an answer, or a list of a day."""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from baokao.sandbox.provider import armed
from baokao.sandbox.provider.armed import EVENTS, HALF, SLOW
from baokao.sandbox.provider.forms import yuan
from baokao.sandbox.provider.payease.config import Config
from baokao.sandbox.provider.payease.digests import sign
from baokao.sandbox.provider.payease.forms import read_amount

# A trade's notifications: when and how often they come.
DUPLICATE, DELAYED, WITHHELD, JOINED = "duplicate", "delayed", "withheld", "joined"
REJECTED_AFTER, UNKNOWN_FIRST = "rejected-after", "unknown-first"
# With these a notification has a time of its own and joins no other.
ALONE = frozenset({DUPLICATE, DELAYED, WITHHELD, REJECTED_AFTER, UNKNOWN_FIRST})
# How they come, and whether the browser does.
VARIANT_B, POST, NO_RETURN = "variant-b", "post", "no-return"
# What they say: well signed and wrong, or not signed as they should be.
WRONG_AMOUNT, OTHER_ORDER, OTHER_MONEY = "wrong-amount", "other-order", "other-money"
BAD_MAC, OTHER_MAC_KEY = "bad-mac", "other-mac-key"
BAD_SIGNATURE, OTHER_KEY, UNSIGNED = "bad-signature", "other-key", "unsigned"
EVENT_FAULTS = frozenset(
    {
        DUPLICATE, DELAYED, WITHHELD, JOINED, REJECTED_AFTER, UNKNOWN_FIRST, VARIANT_B, POST, NO_RETURN, WRONG_AMOUNT,
        OTHER_ORDER, OTHER_MONEY, BAD_MAC, OTHER_MAC_KEY, BAD_SIGNATURE, OTHER_KEY, UNSIGNED,
    }
)  # fmt: skip

# A call's answer. `not-known`: a paid order is told as one of which nothing is known yet.
NOT_KNOWN = "not-known"
ANSWER_FAULTS = armed.REPLACING | {
    SLOW, HALF, NOT_KNOWN, WRONG_AMOUNT, OTHER_ORDER, BAD_SIGNATURE, OTHER_KEY, UNSIGNED,
}  # fmt: skip

# What lists a day: the statement, the orders and the refunds of a day.
ROW_MISSING, ROW_EXTRA, ROW_OTHER_AMOUNT = "row-missing", "row-extra", "row-other-amount"
DAY_FAULTS = frozenset({ROW_MISSING, ROW_EXTRA, ROW_OTHER_AMOUNT})
STATEMENT, LISTS = "statement", ("day", "refund-query-by-day")


def known(on_what: str) -> frozenset[str]:
    """The faults that mean something there: for events (`notify`), for a statement, or for answers."""
    if on_what == EVENTS:
        return EVENT_FAULTS
    if on_what == STATEMENT:
        return DAY_FAULTS
    return ANSWER_FAULTS | DAY_FAULTS if on_what in LISTS else ANSWER_FAULTS


def a_fen_more(amount: str) -> str:
    """`120.00` as `120.01`."""
    return yuan((read_amount(amount) or 0) + 1)


def another(v_oid: str) -> str:
    """A well formed number of the same merchant and day that is nobody's."""
    return f"{v_oid.rpartition('-')[0]}-NOBODYS00001"


def spoiled(fields: Mapping[str, str], fault: str) -> dict[str, str]:
    """An answer's fields made wrong, to be signed well."""
    told = dict(fields)
    if fault == WRONG_AMOUNT:
        told |= {name: a_fen_more(told[name]) for name in ("amount", "refamount") if name in told}
    if fault == OTHER_ORDER and told.get("oid"):
        told["oid"] = another(told["oid"])
    if fault == NOT_KNOWN and "pstatus" in told:
        told |= {"pstatus": "2", "pstring": "未支付"}
    return told


def listed(rows: list[dict[str, str]], fault: str) -> list[dict[str, str]]:
    """A day's list made wrong, each row to be signed well. Of a day without anything nothing can be wrong."""
    if not rows or fault not in DAY_FAULTS:
        return rows
    if fault == ROW_MISSING:
        return rows[1:]
    if fault == ROW_OTHER_AMOUNT:
        return [spoiled(rows[0], WRONG_AMOUNT), *rows[1:]]
    return [*rows, rows[-1] | {"oid": another(rows[-1]["oid"])}]


def signature(fault: str, config: Config, *parts: str) -> dict[str, str]:
    """The field `sign` of these parts, rightly or not."""
    return {} if fault == UNSIGNED else {"sign": _signed(fault, config, *parts)}


def v_sign(faults: frozenset[str], config: Config, *parts: str) -> dict[str, str]:
    """The field `v_sign` of these parts, rightly or not."""
    fault = next((name for name in (UNSIGNED, OTHER_KEY, BAD_SIGNATURE) if name in faults), "")
    return {} if fault == UNSIGNED else {"v_sign": _signed(fault, config, *parts)}


def _signed(fault: str, config: Config, *parts: str) -> str:
    key: RSAPrivateKey = config.other_key if fault == OTHER_KEY else config.sign_key
    return sign(key, *parts, " " if fault == BAD_SIGNATURE else "")

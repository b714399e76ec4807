"""Everything that can be made to go wrong, by name: with a trade's notifications, a method's answer, or a bill."""

from collections.abc import Iterable, Mapping

from baokao.sandbox.provider import armed
from baokao.sandbox.provider.alipay import rsa2, wire
from baokao.sandbox.provider.alipay.config import Config
from baokao.sandbox.provider.armed import EVENTS, HALF, SLOW
from baokao.sandbox.provider.forms import yuan

# A trade's notifications. The cashier offers the first five and `no-return`.
DUPLICATE, DELAYED, WRONG_AMOUNT, BAD_SIGNATURE, WITHHELD = (
    "duplicate", "delayed", "wrong-amount", "bad-signature", "withheld",
)  # fmt: skip
NO_RETURN, AFTER_REFUND = "no-return", "after-refund"
OTHER_KEY, SHA1, UNSIGNED = "other-key", "sha1", "unsigned"
OTHER_SELLER, OTHER_APPLICATION, OTHER_ORDER = "other-seller", "other-application", "other-order"
EVENT_FAULTS = frozenset(
    {
        DUPLICATE, DELAYED, WRONG_AMOUNT, BAD_SIGNATURE, WITHHELD, NO_RETURN, AFTER_REFUND, OTHER_KEY, SHA1, UNSIGNED,
        OTHER_SELLER, OTHER_APPLICATION, OTHER_ORDER,
    }
)  # fmt: skip

# A method's answer: those that replace it (with `after`, once the deed is done), and those that spoil it.
UNAVAILABLE, NO_FUND_CHANGE = "unavailable", "no-fund-change"
REPLACING = armed.REPLACING | {UNAVAILABLE}
ANSWER_FAULTS = REPLACING | {
    SLOW, HALF, NO_FUND_CHANGE, WRONG_AMOUNT, OTHER_ORDER, BAD_SIGNATURE, OTHER_KEY, SHA1, UNSIGNED,
}  # fmt: skip
# The bill that the next address leads to.
TRUNCATED, ROW_MISSING, ROW_EXTRA, ROW_OTHER_AMOUNT = "truncated", "row-missing", "row-extra", "row-other-amount"
BILL_FAULTS = frozenset({TRUNCATED, ROW_MISSING, ROW_EXTRA, ROW_OTHER_AMOUNT})


def known(on_what: str) -> frozenset[str]:
    """The faults that mean something there: for events (`notify`) or for answers."""
    return EVENT_FAULTS if on_what == EVENTS else ANSWER_FAULTS | BILL_FAULTS


def signed_notification(fields: Mapping[str, str], faults: Iterable[str], config: Config) -> dict[str, str]:
    """A notification's fields, made wrong first where that is the fault, then signed, rightly or not."""
    wanted = frozenset(faults)
    told = dict(fields)
    if WRONG_AMOUNT in wanted:
        told["total_amount"] = _a_fen_more(told["total_amount"])
    if OTHER_SELLER in wanted:
        told["seller_id"] = "2088000000000999"
    if OTHER_APPLICATION in wanted:
        told["app_id"] = told["auth_app_id"] = "9021000199999999"
    if OTHER_ORDER in wanted:
        told["out_trade_no"] += "X"
    signed = wire.signed_pairs(told, config.other_key if OTHER_KEY in wanted else config.gateway_key)
    return {name: value for name, value in signed.items() if UNSIGNED not in wanted or name != "sign"} | (
        _wrongly_signed(rsa2.text_of_message(signed), wanted, config)
    )


def _wrongly_signed(text: str, wanted: frozenset[str], config: Config) -> dict[str, str]:
    if BAD_SIGNATURE in wanted:
        return {"sign": rsa2.sign(text + " ", config.gateway_key)}
    return {"sign": rsa2.sign(text, config.gateway_key, sha1=True)} if SHA1 in wanted else {}


def signed_answer(text: str, fault: str, config: Config) -> str | None:
    """The signature of an answer's object, rightly or not."""
    if fault == UNSIGNED:
        return None
    key = config.other_key if fault == OTHER_KEY else config.gateway_key
    return rsa2.sign(text + " " if fault == BAD_SIGNATURE else text, key, sha1=fault == SHA1)


def spoiled(fields: Mapping[str, object], fault: str) -> dict[str, object]:
    """An answer's object made wrong, to be signed well."""
    told = dict(fields)
    if fault == WRONG_AMOUNT:
        told |= {name: _a_fen_more(str(told[name])) for name in _AMOUNTS if name in told}
    if fault == OTHER_ORDER and "out_trade_no" in told:
        told["out_trade_no"] = f"{told['out_trade_no']}X"
    if fault == NO_FUND_CHANGE:
        told.pop("fund_change", None)
    return told


_AMOUNTS = ("total_amount", "refund_fee", "refund_amount")


def _a_fen_more(amount: str) -> str:
    whole, _, part = amount.partition(".")
    return yuan(int(whole) * 100 + int(part) + 1)

"""Giving money back. PayEase has no number of ours for a refund: asked twice, it pays twice. So nothing here is ever
repeated, and whoever has no answer looks for the refund among the order's (rule D6)."""

import re
from collections.abc import Collection
from decimal import Decimal

from baokao.payments.gateways.contract import Fact, Rejected, State, Unknown
from baokao.payments.gateways.payease import digests
from baokao.payments.gateways.payease.answers import Answer
from baokao.payments.gateways.payease.api import REFUND, REFUNDS_OF_AN_ORDER, VERSION, Api
from baokao.payments.gateways.values import yuan, yuan_text

# The operator's words for a refusal, without their numbers, which are documented nowhere. «System error» is none: the
# refund may have happened. Nor is what we don't know.
_REFUSALS = {
    "invalid order number": "order",
    "invalid refund money": "amount",
    "refund money exceed order limit": "exceeds",
    "fingerprint invalid": "signature",
    "invalid operator": "operator",
    "invalid operation permit": "permit",
    "invalid merchant": "merchant",
    "the service for this merchant is unavailable": "service",
    "invalid request": "address",
}
_TEXT = re.compile(r"\s*(?:\(\d+\))?\s*(.*?)[\s.!]*", re.DOTALL)
_REFUND = re.compile(r"[0-9A-Za-z_-]{1,64}")
# Accepted, and done. Accepted is not yet money on an account, but it is all that PayEase promises.
_HAPPENED = ("0", "1")
_REJECTED = "3"


def refund(api: Api, number: str, name: str, amount: Decimal) -> Fact | Rejected:
    """Refund a part or all, by one call. `Unknown` means: never ask again before `query` below has told.

    Our number of the refund goes along as the reason, by which a person finds it in the operator's pages.
    """
    account, order, sum_ = api.account, api.account.order(number), yuan_text(amount)
    if not account.refund_operator:
        return Rejected("operator", "BAOKAO_PAYEASE_REFUND_OPERATOR is unset.")
    answer = api.call(
        REFUND,
        {"v_oid": order, "v_refamount": sum_, "v_refoprt": account.refund_operator},
        repeat=False,
        method=account.refund_method,
        unsigned={"v_refreason": name},
    )
    if answer.head.get("status") != "0":
        return _refusal(answer)
    answer.require(mid=account.merchant, oid=order, refamount=sum_, refoprt=account.refund_operator)
    trade = answer.head.get("refid", "")
    parts = ("0", account.merchant, order, sum_, account.refund_operator, trade)
    if account.public_key and not digests.signed(account.public_key, answer.head.get("sign", ""), *parts):
        raise Unknown("The provider's answer is signed by somebody else.")
    if not _REFUND.fullmatch(trade):
        raise Unknown("The provider took the refund and gives no number of it.")
    return _fact(order, number, name, amount, trade)


def query(api: Api, number: str, name: str, amount: Decimal, known: Collection[str]) -> Fact | None:
    """The refund of this amount that is not among `known`, the operator's numbers of those that we have; None when
    there is none. `Unknown` when one is there whose state we don't know."""
    order = api.account.order(number)
    answer = api.call(REFUNDS_OF_AN_ORDER, {"v_oid": order}, repeat=True, unsigned={"v_version": VERSION})
    if answer.head.get("status") != "0":
        raise Unknown(f"The provider refused the question ({answer.trouble}).")
    answer.require(mid=api.account.merchant, oid=order)
    for row in answer.rows:
        trade, sum_, state = row.get("refid", ""), yuan(row.get("refamount")), row.get("refstatus", "")
        if not _REFUND.fullmatch(trade) or sum_ is None:
            raise Unknown("The provider's answer has a refund without a number or an amount.")
        if trade in known or sum_ != amount or state == _REJECTED:
            continue
        if state not in _HAPPENED:
            raise Unknown("The provider's answer has a refund in a state that we don't know.")
        return _fact(order, number, name, amount, trade)
    return None


def _refusal(answer: Answer) -> Rejected:
    found = _TEXT.fullmatch(answer.head.get("statusdesc", ""))
    code = _REFUSALS.get(found[1].lower() if found else "")
    if code is None or not answer.head.get("status"):
        raise Unknown(f"The provider does not know the outcome itself ({answer.trouble}).")
    return Rejected(code, answer.trouble)


def _fact(order: str, number: str, name: str, amount: Decimal, trade: str) -> Fact:
    return Fact(number, State.REFUNDED, trade=order, refund=name, refund_amount=amount, refund_trade=trade)

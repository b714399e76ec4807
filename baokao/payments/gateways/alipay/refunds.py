"""Giving money back. Our number of a refund makes it happen at most once, however often it is asked for (rule D6)."""

from decimal import Decimal

from baokao.payments.gateways.alipay import requests, trades
from baokao.payments.gateways.alipay.answers import Answer
from baokao.payments.gateways.alipay.api import Api
from baokao.payments.gateways.contract import Fact, Rejected, State, Unknown
from baokao.payments.gateways.http import Deadline
from baokao.payments.gateways.values import yuan, yuan_text

# Refused now, and the same refund under the same number may succeed another time; all other refusals stand.
_LATER = ("ACQ.SELLER_BALANCE_NOT_ENOUGH", "ACQ.REASON_TRADE_BEEN_FREEZEN")
_LATER_CODES = ("20001", "40003", "40005", "40006")
# The trade can't be refunded as it stands: perhaps because this very refund, whose answer was lost, closed it.
_ASKED_ABOUT = ("ACQ.TRADE_STATUS_ERROR", "ACQ.TRADE_NOT_ALLOW_REFUND")


def refund(api: Api, number: str, name: str, amount: Decimal, reason: str) -> Fact | Rejected:
    """Refund a part or all. Never repeated within the call: Alipay wants 3 s between two refunds of a trade.

    `Unknown` means: ask `query` below, and if it has none, refund again with the same number and amount.
    """
    deadline = api.deadline()
    content = {
        "out_trade_no": number,
        "out_request_no": name,
        "refund_amount": yuan_text(amount),
        "refund_reason": requests.plain(reason, requests.REASON_LENGTH),
    }
    answer = api.call("alipay.trade.refund", content, repeat=False, deadline=deadline)
    if answer.problem in _ASKED_ABOUT and (happened := query(api, number, name, amount, deadline)):
        return happened
    if not answer.done:
        later = answer.problem in _LATER or answer.code in _LATER_CODES
        return Rejected(answer.problem or answer.code, answer.text("sub_msg")[:200], later)
    trades.require_about(answer, number)
    if answer.text("fund_change") == "Y":
        return Fact(
            number,
            State.REFUNDED,
            trade=answer.text("trade_no"),
            refunded=_total(answer, amount),
            refund=name,
            refund_amount=amount,
        )
    # Done, but not by this call: by an earlier one of the same number, or not yet.
    found = query(api, number, name, amount, deadline)
    if found is None:
        raise Unknown("The provider took the refund and does not say that money moved.")
    return found


def query(api: Api, number: str, name: str, amount: Decimal, deadline: Deadline | None = None) -> Fact | None:
    """The refund of that number, None when Alipay has none. `Unknown` while it isn't settled, or when it is of another
    amount than ours."""
    content = {"out_trade_no": number, "out_request_no": name}
    answer = api.call("alipay.trade.fastpay.refund.query", content, repeat=True, deadline=deadline)
    if answer.problem in trades.ABSENT:
        return None
    if not answer.done:
        trades.require_about(answer, number)
    told = [answer.text(field) for field in ("refund_amount", "out_request_no", "refund_status")]
    if not any(told):
        return None
    trades.require_about(answer, number)
    if told[1] != name or yuan(told[0]) != amount:
        raise Unknown("The provider's answer is about another refund, or one of another amount.")
    if told[2] not in ("", "REFUND_SUCCESS"):
        raise Unknown("The provider has not settled the refund yet.")
    return Fact(
        number,
        State.REFUNDED,
        yuan(answer.text("total_amount")),
        answer.text("trade_no"),
        refund=name,
        refund_amount=amount,
    )


def _total(answer: Answer, amount: Decimal) -> Decimal | None:
    """All that went back so far; unsaid, unreadable or less than this refund: not told."""
    total = yuan(answer.text("refund_fee"))
    return total if total is not None and total >= amount else None

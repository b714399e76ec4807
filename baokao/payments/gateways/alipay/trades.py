"""Asking about a trade, and closing one (rules D4 and D5)."""

from baokao.payments.gateways.alipay.answers import Answer
from baokao.payments.gateways.alipay.api import Api
from baokao.payments.gateways.contract import Fact, State, Unknown
from baokao.payments.gateways.http import Deadline
from baokao.payments.gateways.values import moment, yuan

ABSENT = ("ACQ.TRADE_NOT_EXIST", "TRADE_NOT_EXIST")
_NOT_TO_BE_CLOSED = ("ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID")


def query(api: Api, number: str, deadline: Deadline | None = None) -> Fact:
    """How the trade stands. `Unknown` also when Alipay refuses to say."""
    answer = api.call("alipay.trade.query", {"out_trade_no": number}, repeat=True, deadline=deadline)
    if answer.problem in ABSENT:
        return Fact(number, State.ABSENT)
    require_about(answer, number)
    amount = yuan(answer.text("total_amount"))
    if not amount:
        raise Unknown("The provider's answer has no amount.")
    trade, paid_at = answer.text("trade_no"), moment(answer.text("send_pay_date"))
    match answer.text("trade_status"):
        case "TRADE_SUCCESS" | "TRADE_FINISHED":
            return Fact(number, State.PAID, amount, trade, paid_at)
        case "WAIT_BUYER_PAY":
            return Fact(number, State.WAITING, amount, trade)
        case "TRADE_CLOSED" if answer.text("send_pay_date"):
            # A paid trade is closed by nothing but a refund of all of it.
            return Fact(number, State.REFUNDED, amount, trade, paid_at, refunded=amount)
        case "TRADE_CLOSED":
            return Fact(number, State.CLOSED, amount, trade)
    raise Unknown("The provider's answer has a state that we don't know.")


def close(api: Api, number: str) -> Fact:
    """End an unpaid trade, and tell how it stands."""
    deadline = api.deadline()
    answer = api.call("alipay.trade.close", {"out_trade_no": number}, repeat=True, deadline=deadline)
    if answer.problem in ABSENT:
        return Fact(number, State.ABSENT)
    if answer.problem not in _NOT_TO_BE_CLOSED:
        require_about(answer, number)
        return Fact(number, State.CLOSED, trade=answer.text("trade_no"))
    found = query(api, number, deadline)
    if found.state is State.WAITING:
        raise Unknown("The provider neither closes the trade nor says why.")
    return found


def require_about(answer: Answer, number: str) -> None:
    """`Unknown` unless the call was done, and the answer is about our trade, not another put in its place."""
    if not answer.done:
        raise Unknown(f"The provider refused the question ({answer.code} {answer.problem[:60]}).")
    if answer.text("out_trade_no") != number:
        raise Unknown("The provider's answer is about another trade.")

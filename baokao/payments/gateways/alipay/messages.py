"""What Alipay tells us unasked: the browser's return and the notification, with every check that needs no database."""

import re
from decimal import Decimal

from baokao.payments.gateways.alipay import parameters, signing
from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.contract import Fact, Message, Rejected, State
from baokao.payments.gateways.values import moment, yuan

_NUMBER = re.compile(r"[A-Za-z0-9_]{1,64}")
_FORM = "application/x-www-form-urlencoded"
_STATES = {
    "WAIT_BUYER_PAY": State.WAITING,
    "TRADE_SUCCESS": State.PAID,
    "TRADE_FINISHED": State.PAID,
    "TRADE_CLOSED": State.CLOSED,
}
_RETURNS = ("alipay.trade.page.pay.return", "alipay.trade.wap.pay.return")


def read_return(account: Account, message: Message) -> str | Rejected:
    """The number of the payment from which the browser comes back (rule D3: no proof of money)."""
    if message.method != "GET":
        return Rejected("method", "A return is a GET.")
    told = _believed(account, message.query)
    if isinstance(told, Rejected):
        return told
    if told.get("method") not in _RETURNS:
        return Rejected("kind", "This is no return of a payment.")
    number = told.get("out_trade_no", "")
    return number if _NUMBER.fullmatch(number) else Rejected("number", "out_trade_no is missing or malformed.")


def read_notification(account: Account, message: Message) -> list[Fact] | Rejected:
    """The fact of a notification (rules D3 and D4). Is the payment ours, its amount right? The caller asks."""
    if message.method != "POST":
        return Rejected("method", "A notification is a POST.")
    if message.query:
        return Rejected("query", "A notification has nothing in its address.")
    if not _is_form(message.content_type):
        return Rejected("content_type", "A notification is a form in UTF-8.")
    told = _believed(account, message.body)
    if isinstance(told, Rejected):
        return told
    if told.get("notify_type") != "trade_status_sync":
        return Rejected("kind", "notify_type is not trade_status_sync.")
    return _facts(told)


def _believed(account: Account, raw: bytes) -> dict[str, str] | Rejected:
    """The parameters once their signature is right and they are for us; nothing of them is looked at before that."""
    try:
        told = parameters.read(raw)
    except parameters.Malformed as why:
        return Rejected("malformed", f"Not parameters of Alipay's: {why}.")
    if told.get("charset", "").lower() != "utf-8":
        return Rejected("charset", "charset is not utf-8.")
    if told.get("sign_type") != signing.NAME:
        return Rejected("sign_type", "sign_type is not RSA2.")
    text = signing.joined(told, without=("sign", "sign_type"))
    if not signing.verifies(text, told.get("sign", ""), account.public_keys):
        return Rejected("signature", "The signature is not Alipay's over this message.")
    if told.get("app_id") != account.app:
        return Rejected("app", "app_id is another application's.")
    if told.get("seller_id") != account.seller:
        return Rejected("seller", "seller_id is another merchant's.")
    return told


def _facts(told: dict[str, str]) -> list[Fact] | Rejected:
    number, trade = told.get("out_trade_no", ""), told.get("trade_no", "")
    if not _NUMBER.fullmatch(number) or not _NUMBER.fullmatch(trade):
        return Rejected("number", "out_trade_no or trade_no is missing or malformed.")
    amount = yuan(told.get("total_amount"))
    if not amount:
        return Rejected("amount", "total_amount is missing, nothing or malformed.")
    state = _STATES.get(told.get("trade_status", ""))
    if state is None:
        return Rejected("state", "trade_status is unknown.")
    paid_at = moment(told.get("gmt_payment"))
    if "refund_fee" in told or "gmt_refund" in told:
        return _refund(told, Fact(number, State.REFUNDED, amount, trade, paid_at))
    if state is State.CLOSED and "gmt_payment" in told:
        # Paid and closed is a refund in full, although the marks of one are missing; asking will tell.
        return Rejected("state", "A closed trade that was paid, and nothing about a refund.")
    return [Fact(number, state, amount, trade, paid_at)]


def _refund(told: dict[str, str], fact: Fact) -> list[Fact] | Rejected:
    """A refund's notification, which must never pass for a payment: all of it that came so far went back."""
    refunded = yuan(told.get("refund_fee"))
    if not refunded or refunded > (fact.amount or Decimal(0)):
        return Rejected("amount", "refund_fee is missing, nothing, malformed or above total_amount.")
    refund = told.get("out_biz_no", "")
    return [Fact(fact.number, fact.state, fact.amount, fact.trade, fact.paid_at, refunded, refund)]


def _is_form(content_type: str) -> bool:
    kind, _, rest = content_type.partition(";")
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    return kind.strip().lower() == _FORM and charset in ("", "utf-8")

"""PayEase as the rest of the program sees it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import BillLine, Fact, Message, Payment, Rejected, SendOff
from baokao.payments.gateways.payease import bill, messages, refunds, requests, trades
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.payease.api import Api


class PayEase:
    """The contract of `Gateway`, spoken by PayEase."""

    name = "payease"
    closes = False
    repeats_refunds = False
    accepted = "sent"
    refused = "error"

    def __init__(self, account: Account, caller: Caller, banks: Mapping[str, str]) -> None:
        self._account = account
        parts = urlsplit(account.gateway)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.banks = banks
        self._api = Api(account, caller)

    def send_off(self, payment: Payment) -> SendOff:
        return requests.send_off(self._account, payment)

    def read_return(self, message: Message) -> str | Rejected:
        return messages.read_return(self._account, message)

    def read_notification(self, message: Message) -> list[Fact] | Rejected:
        return messages.read_notification(self._account, message)

    def confirm(self, facts: Sequence[Fact]) -> list[Fact]:
        return trades.confirm(self._api, facts)

    def query(self, number: str) -> Fact:
        return trades.query(self._api, number)

    def close(self, number: str) -> Fact:
        """Only asked: PayEase can't end an order."""
        return trades.query(self._api, number)

    def refund(self, number: str, refund: str, amount: Decimal, reason: str) -> Fact | Rejected:
        return refunds.refund(self._api, number, refund, amount)

    def query_refund(self, number: str, refund: str, amount: Decimal, known: Collection[str] = ()) -> Fact | None:
        return refunds.query(self._api, number, refund, amount, known)

    def bill(self, day: date) -> Iterator[BillLine]:
        return bill.lines(self._api, day)

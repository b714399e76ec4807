"""A provider that isn't among the settings any more, while payments through it are still open.

What was asked of it may be answered once its settings are back, so everything is `Unknown` and nothing is decided:
attempts and refunds are kept and asked about again, and `baokao check` says why nobody answers.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NoReturn

import structlog

from baokao.payments.gateways.contract import BillLine, Fact, Message, Payment, Rejected, SendOff, Unknown

log = structlog.get_logger("baokao.payments")


class Unconfigured:
    """The contract's verbs, none of which can be done."""

    origin = ""
    # Nothing may be taken for granted of it: neither that it ended a trade, nor that a refund can be asked for twice.
    closes = False
    repeats_refunds = False
    banks: Mapping[str, str] = {}
    accepted = refused = ""

    def __init__(self, name: str) -> None:
        self.name = name

    def send_off(self, payment: Payment) -> SendOff:
        self._missing("send_off")

    def read_return(self, message: Message) -> str | Rejected:
        return Rejected("provider_missing", self._why)

    def read_notification(self, message: Message) -> list[Fact] | Rejected:
        return Rejected("provider_missing", self._why)

    def confirm(self, facts: Sequence[Fact]) -> list[Fact]:
        self._missing("confirm")

    def query(self, number: str) -> Fact:
        self._missing("query")

    def close(self, number: str) -> Fact:
        self._missing("close")

    def refund(self, number: str, refund: str, amount: Decimal, reason: str) -> Fact | Rejected:
        self._missing("refund")

    def query_refund(self, number: str, refund: str, amount: Decimal, known: Collection[str] = ()) -> Fact | None:
        self._missing("query_refund")

    def bill(self, day: date) -> Iterator[BillLine]:
        self._missing("bill")

    @property
    def _why(self) -> str:
        return f"{self.name} is not among the settings"

    def _missing(self, call: str) -> NoReturn:
        log.error("payment.provider_missing", provider=self.name, call=call)
        raise Unknown(self._why)

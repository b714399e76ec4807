"""What every payment provider's adapter does for us (rules D1 to D7); one folder a provider beneath.

An adapter knows one wire protocol and nothing of our database: plain values in, plain values out. It never decides that
something is paid by itself; it tells what the provider proved.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

# Numbers that every provider takes: of attempts, beginning with the day in Beijing on which the attempt was made
# (PayEase's own numbers hold that day, and nothing else tells it later), and of refunds.
NUMBER = re.compile(r"\d{8}[0-9A-Za-z]{1,20}")


@dataclass(frozen=True)
class Payment:
    """A payment that a candidate is sent off to make. `number` is the attempt's own, of the form `NUMBER`, and never
    used twice; `amount` is in yuan; `quit_url` is where who gives up at the provider goes, the return if empty; `bank`
    is a provider's code for a bank, where the provider lets one choose. Addresses are whole and have no query."""

    number: str
    amount: Decimal
    subject: str
    made_at: datetime
    expires_at: datetime
    return_url: str
    notify_url: str
    on_phone: bool
    bank: str = ""
    quit_url: str = ""


@dataclass(frozen=True)
class SendOff:
    """Where the browser goes: a GET of `url`, or with `fields` a POST of a form."""

    url: str
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Message:
    """A request as the provider sent it, kept as received before anybody judges it (rule D4)."""

    method: str
    query: bytes
    body: bytes
    content_type: str = ""


class State(StrEnum):
    """How a payment stands at the provider."""

    PAID = "paid"
    # Money that had come went back, in part or in whole. It tells of no new money: who has not booked the payment yet
    # asks the provider (`query`), and books from that answer.
    REFUNDED = "refunded"
    WAITING = "waiting"
    # The provider never heard of it: the payer has not got so far. No statement that it will not be paid.
    ABSENT = "absent"
    # Not paid, and will not be.
    CLOSED = "closed"


@dataclass(frozen=True)
class Fact:
    """What the provider proved about one payment: by signature, or by answering us.

    `amount` is the payment's, in yuan, and always there with PAID and WAITING; None where the provider told none.
    `trade` is the provider's number of it, empty with ABSENT.

    Of refunds: `refunded` is all that went back so far, None where it was not told; `refund` our number of the refund
    that this fact tells of, `refund_amount` that one's amount, `refund_trade` the provider's own number of it.
    """

    number: str
    state: State
    amount: Decimal | None = None
    trade: str = ""
    paid_at: datetime | None = None
    refunded: Decimal | None = None
    refund: str = ""
    refund_amount: Decimal | None = None
    refund_trade: str = ""


@dataclass(frozen=True)
class Rejected:
    """A message or an answer that proves nothing, or a refund that the provider refused: `code` for programs, `reason`
    in English for the operator. `later` when the same refund under the same number may succeed another time."""

    code: str
    reason: str
    later: bool = False


class Unknown(Exception):
    """No answer, or none that can be believed. Whatever was asked for may or may not have happened."""


class TooLong(Unknown):
    """An answer longer than we take. Asked for again it would be as long."""


class NoBill(Exception):
    """The provider has no bill of that day: there was no trade, or the bill is not made yet."""


class LineKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    # A fee that stands apart, or a kind that we don't know: a person looks at it.
    OTHER = "other"


@dataclass(frozen=True)
class BillLine:
    """A line of a bill; `amount` is positive in payments and refunds, `fee` is the provider's charge, positive when it
    is ours to bear; `label` is the kind as the provider calls it."""

    kind: LineKind
    number: str
    trade: str
    refund: str
    amount: Decimal
    fee: Decimal
    at: datetime
    label: str = ""


class Gateway(Protocol):
    """A provider. Every call that goes over the network ends within the configured time and raises `Unknown`."""

    name: str
    # Where browsers are sent, for the content security policy: scheme, host and port.
    origin: str
    # Whether an unpaid trade can be ended there (Alipay: yes; PayEase: no).
    closes: bool
    # Whether a refund asked for twice under one number happens once (Alipay: yes; PayEase: no, so never ask again
    # before `query_refund` has told).
    repeats_refunds: bool
    # The banks among which a payer chooses before leaving us, by the provider's codes; empty where it asks itself.
    banks: Mapping[str, str]
    # The exact body that acknowledges a notification, and the one that asks for another try.
    accepted: str
    refused: str

    def send_off(self, payment: Payment) -> SendOff: ...

    def read_return(self, message: Message) -> str | Rejected:
        """The payment's number of a browser's return with a right signature; it proves nothing about money (D3)."""

    def read_notification(self, message: Message) -> list[Fact] | Rejected:
        """The facts of a notification after every check that needs no database (signature, merchant, application).
        That the payment is ours and the amount is right, the caller checks."""

    def confirm(self, facts: Sequence[Fact]) -> list[Fact]:
        """The facts of a notification as they may be booked: as they are where the message is proof enough, else what
        the provider says when asked, all within the time of one call. `Unknown` when it doesn't say."""

    def query(self, number: str) -> Fact: ...

    def close(self, number: str) -> Fact:
        """Ask that it can't be paid any more. The answer tells how it stands now: CLOSED or ABSENT when it could be
        closed, PAID or REFUNDED when it was too late. ABSENT is safe only once its time is over: the payer may still
        hold the address of the cashier."""

    def refund(self, number: str, refund: str, amount: Decimal, reason: str) -> Fact | Rejected:
        """Give money back; `refund` is our number of this one refund, under which it happens at most once where the
        provider has such numbers. A fact, always REFUNDED, means that it happened."""

    def query_refund(self, number: str, refund: str, amount: Decimal, known: Collection[str] = ()) -> Fact | None:
        """The refund as the provider has it, None when it has none of that number. A provider without numbers of ours
        is asked for a refund of this amount that is not among `known`, its own numbers of those booked before."""

    def bill(self, day: date) -> Iterator[BillLine]:
        """The lines of the bill of a day in Beijing, streamed; the work begins with the first line. Raises `NoBill`,
        and `Unknown` also for a file that is cut off, which may show only after its last line: until the iterator
        has ended, nothing of it may be believed."""

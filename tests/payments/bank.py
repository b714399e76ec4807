"""A provider in memory that behaves as the contract says, with books of its own: what the services' tests speak to.

The wire protocols have their own provider, a process (baokao/sandbox/provider); here it is about what follows from what
a provider says, in every order and with every silence.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from baokao.payments.gateways.contract import (
    BillLine,
    Fact,
    Message,
    NoBill,
    Payment,
    Rejected,
    SendOff,
    State,
    Unknown,
)

SIGNATURE = b"signed"


class Bank:
    """`pay` is what a payer does there; `facts` what it knows; `silent` makes it answer nothing, `lose` makes it do
    what it is asked and lose the answer."""

    name = "alipay"
    origin = "https://bank.example"
    closes = True
    repeats_refunds = True
    banks: Mapping[str, str] = {}
    accepted, refused = "success", "fail"

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self.refunds: dict[str, tuple[str, Decimal]] = {}
        self.bills: dict[date, list[BillLine]] = {}
        self.silent, self.lose, self.low = False, False, False
        self.asked: Counter[str] = Counter()
        self.sent: list[Payment] = []

    # What a payer does

    def arrive(self, number: str, amount: Decimal) -> None:
        self.facts.setdefault(number, Fact(number, State.WAITING, amount, trade=f"T{number}"))

    def pay(self, number: str, amount: Decimal) -> Message:
        """The payer pays; the notification that the provider will send."""
        self.arrive(number, amount)
        assert self.facts[number].state == State.WAITING, "the provider takes no money for what is closed or paid"
        self.facts[number] = replace(self.facts[number], state=State.PAID)
        return self.notification(number)

    def notification(self, number: str, /, **changed) -> Message:
        """A signed message about a payment, changed as asked for."""
        fact = replace(self.facts[number], **changed)
        body = f"{fact.number}|{fact.state}|{fact.amount}|{fact.trade}".encode()
        return Message("POST", b"", SIGNATURE + b"|" + body)

    # What we ask

    def send_off(self, payment: Payment) -> SendOff:
        self.sent.append(payment)
        return SendOff(f"{self.origin}/cashier?number={payment.number}")

    def read_notification(self, message: Message) -> list[Fact] | Rejected:
        signature, _, body = message.body.partition(b"|")
        if signature != SIGNATURE:
            return Rejected("signature", "the signature is wrong")
        number, state, amount, trade = body.decode().split("|")
        return [Fact(number, State(state), Decimal(amount), trade)]

    def confirm(self, facts: Sequence[Fact]) -> list[Fact]:
        return list(facts)

    def query(self, number: str) -> Fact:
        self._answer("query")
        return self.facts.get(number, Fact(number, State.ABSENT))

    def close(self, number: str) -> Fact:
        self._silence("close")
        fact = self.facts.get(number, Fact(number, State.ABSENT))
        if fact.state == State.WAITING:
            self.facts[number] = fact = replace(fact, state=State.CLOSED)
        self._loss()
        return fact

    def refund(self, number: str, refund: str, amount: Decimal, reason: str) -> Fact | Rejected:
        self._silence("refund")
        if self.low:
            return Rejected("balance", "the merchant's account is too low", later=True)
        known = self.refunds.setdefault(refund, (number, amount))
        back = self.returned(number)
        if known != (number, amount) or back > (self.facts[number].amount or 0):
            del self.refunds[refund]
            return Rejected("too_much", "more than was paid")
        self._loss()
        return replace(self.facts[number], state=State.REFUNDED, refunded=back, refund=refund, refund_amount=amount)

    def bill(self, day: date) -> Iterator[BillLine]:
        """The bill as a test wrote it; with `lose` it is cut off, which shows at its end."""
        self._silence("bill")
        if day not in self.bills:
            raise NoBill("no bill of that day")
        yield from self.bills[day]
        self._loss()

    # Its books

    def taken(self) -> Decimal:
        return sum((fact.amount or Decimal(0) for fact in self.facts.values() if fact.state == State.PAID), Decimal(0))

    def returned(self, number: str = "") -> Decimal:
        return sum((sum_ for of, sum_ in self.refunds.values() if number in ("", of)), Decimal(0))

    def _answer(self, call: str) -> None:
        self._silence(call)
        self._loss()

    def _silence(self, call: str) -> None:
        self.asked[call] += 1
        if self.silent:
            raise Unknown("no answer")

    def _loss(self) -> None:
        if self.lose:
            raise Unknown("the answer was lost")


class AnotherBank(Bank):
    """A provider like PayEase: it ends nothing, tells of several payments in one message, has us ask before we book,
    and pays a refund as often as it is asked for. With `lose_refunds` it does that and loses the answer."""

    name = "payease"
    origin = "https://another-bank.example"
    closes = False
    repeats_refunds = False
    banks: Mapping[str, str] = {"9": "中国工商银行", "85": "中国银行"}
    accepted, refused = "sent", "error"

    def __init__(self) -> None:
        super().__init__()
        self.lose_refunds = False

    def send_off(self, payment: Payment) -> SendOff:
        self.sent.append(payment)
        return SendOff(f"{self.origin}/pay", {"v_oid": payment.number, "v_pmode": payment.bank})

    def read_notification(self, message: Message) -> list[Fact] | Rejected:
        signature, _, body = (message.body or message.query).partition(b"|")
        if signature != SIGNATURE:
            return Rejected("signature", "the signature is wrong")
        found = [part.split("|") for part in body.decode().split("&")]
        return [Fact(number, State(state), Decimal(amount), trade) for number, state, amount, trade in found]

    def confirm(self, facts: Sequence[Fact]) -> list[Fact]:
        return [self.query(told.number) if told.state == State.PAID else told for told in facts]

    def close(self, number: str) -> Fact:
        raise AssertionError("there is no such call")

    def refund(self, number: str, refund: str, amount: Decimal, reason: str) -> Fact | Rejected:
        self._silence("refund")
        if self.low:
            return Rejected("balance", "the merchant's account is too low", later=True)
        if self.returned(number) + amount > (self.facts[number].amount or 0):
            return Rejected("exceeds", "more than was paid")
        trade = f"R{len(self.refunds) + 1}"
        self.refunds[trade] = (number, amount)
        if self.lose_refunds:
            raise Unknown("the answer was lost")
        self._loss()
        return Fact(number, State.REFUNDED, refund=refund, refund_amount=amount, refund_trade=trade)

    def query_refund(self, number: str, refund: str, amount: Decimal, known: Collection[str] = ()) -> Fact | None:
        self._answer("query_refund")
        for trade, deed in self.refunds.items():
            if deed == (number, amount) and trade not in known:
                return Fact(number, State.REFUNDED, refund=refund, refund_amount=amount, refund_trade=trade)
        return None


def together(*messages: Message) -> Message:
    """One message that tells what several told."""
    bodies = [message.body.partition(b"|")[2] for message in messages]
    return Message("POST", b"", SIGNATURE + b"|" + b"&".join(bodies))

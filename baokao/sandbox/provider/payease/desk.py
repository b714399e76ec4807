"""首信易支付 as a whole: every question and every deed, each one transaction of its books, each with its moment."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from baokao.sandbox.provider import armed
from baokao.sandbox.provider.armed import Fault
from baokao.sandbox.provider.desk import BookedDesk
from baokao.sandbox.provider.http import Answer, Pairs
from baokao.sandbox.provider.payease import calls, faults, messages, notices, orders, statement, trades, wire
from baokao.sandbox.provider.payease.banks import BANKS
from baokao.sandbox.provider.payease.config import Config
from baokao.sandbox.provider.payease.digests import key_file
from baokao.sandbox.provider.payease.messages import PAID, REFUSED, SUBMITTED
from baokao.sandbox.provider.payease.methods import KINDS, Told
from baokao.sandbox.provider.payease.notices import Delivery
from baokao.sandbox.provider.payease.wire import Refused, Unpayable


@dataclass(frozen=True)
class Visit:
    """What the cashier shows. `bank` is the one that the merchant named, empty while the payer may choose; `refused`
    tells why no money can be taken now."""

    row: sqlite3.Row
    bank: str
    last: sqlite3.Row | None
    refused: Unpayable | None


class Desk(BookedDesk):
    """首信易支付 with its books."""

    HOUSE = "payease"
    SCHEMA = Path(__file__).with_name("schema.sql")
    SCHEDULE = notices.SCHEDULE

    def __init__(self, config: Config, file: Path | None = None) -> None:
        """`file` None keeps the books in memory."""
        self.config = config
        super().__init__(file, config.factor)

    # ---- The cashier

    def arrive(self, page: str, pairs: Pairs, now: datetime) -> str:
        """A browser brings an order to a payment page; returns the token of its visit. Raises `Unpayable`."""
        fields = orders.read(page, pairs, self.config, now)
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            return orders.arrive(books, fields, now)

    def visit(self, token: str, now: datetime) -> Visit:
        """What the cashier shows. Raises `LookupError`."""
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            visit, trade = orders.find(books, token)
            last = trades.last_try(books, trade)
        try:
            orders.refuse(trade)
        except Unpayable as refused:
            return Visit(trade, visit["bank"], last, refused)
        return Visit(trade, visit["bank"], last, None)

    def pay(self, token: str, now: datetime, wanted: Iterable[str] = (), bank: str = "") -> str:
        """The bank pays, with these faults of the notifications. Returns the order's number.

        `bank` is what a payer chose who may choose. Raises `LookupError`, `Unpayable`, and `ValueError` for a fault or
        a bank that means nothing.
        """
        return self._at_the_bank(token, PAID, now, wanted, bank)

    def refuse(self, token: str, now: datetime, wanted: Iterable[str] = (), bank: str = "") -> str:
        """The bank refuses; the payer may try again. Otherwise as `pay`."""
        return self._at_the_bank(token, REFUSED, now, wanted, bank)

    def submit(self, token: str, now: datetime, wanted: Iterable[str] = (), bank: str = "") -> str:
        """The bank takes its time and pays a minute later. Otherwise as `pay`."""
        return self._at_the_bank(token, SUBMITTED, now, wanted, bank)

    def _at_the_bank(self, token: str, said: str, now: datetime, wanted: Iterable[str], bank: str) -> str:
        wished = tuple(wanted)
        if not faults.EVENT_FAULTS.issuperset(wished):
            raise ValueError(f"there are these faults: {', '.join(sorted(faults.EVENT_FAULTS))}")
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            visit, trade = orders.find(books, token)
            code = visit["bank"] or bank or next(iter(BANKS))
            if code not in BANKS:
                raise ValueError(f"there are these banks: {', '.join(BANKS)}")
            trades.at_the_bank(books, self.config, trade, code, said, wished, now)
            return str(trade["v_oid"])

    def way_back(self, token: str, now: datetime) -> str:
        """The address to which a payer returns from the bank; empty before the first one."""
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            _, trade = orders.find(books, token)
            last = trades.last_try(books, trade)
        if last is None:
            return ""
        found = frozenset(trade["faults"].split())
        return f"{trade['v_url']}?{messages.way_back(self.config, trade, last['bank'], last['pstatus'], found)}"

    # ---- The merchant's server

    def call(self, kind: str, pairs: Pairs, now: datetime) -> Answer:
        """A call of one of `KINDS`: the exact bytes of the answer, and what befalls them."""
        asked, fault, told = dict(pairs), Fault(""), _nothing()
        try:
            fields = calls.read(kind, pairs, self.config)
            with self._store.deal() as books:
                trades.pass_time(books, self.config, now)
                fault = armed.take(books, kind, fields.get("v_oid", "")) or fault
                if fault.name not in armed.REPLACING or fault.after:
                    told = KINDS[kind].method(books, self.config, fields, now)
        except Refused as refused:
            told = refused
        if fault.page is not None:
            return fault.page
        if fault.name == armed.REFUSE:
            told = Refused(fault.word)
        body = calls.written(kind, asked, told, fault.name, self.config)
        return Answer(body=body, content_type=f"text/xml; charset={KINDS[kind].charset}", mishap=fault.mishap)

    # ---- Notifications

    def due(self, now: datetime, limit: int = 100) -> list[Delivery]:
        """What is to be sent now. Whoever takes it sends it and then reports it."""
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            return notices.due(books, self.config, now, limit)

    def next_due(self) -> datetime | None:
        """When the next notification is due, or a bank makes up its mind, for whoever turns the clock."""
        with self._store.deal() as books:
            result = trades.next_result(books)
        return min((at for at in (super().next_due(), result) if at is not None), default=None)

    # ---- Keys, statements, faults

    def key_file(self) -> str:
        """The text of our key file, as merchants get it."""
        return key_file(self.config.sign_key.public_key())

    def statement(self, day: datetime) -> bytes:
        """The table of the Beijing day that begins then."""
        with self._store.deal() as books:
            fault = armed.take(books, faults.STATEMENT, "")
            return statement.make(books, day, fault.name if fault else "")

    def arm(
        self, on_what: str, name: str, times: int = 1, v_oid: str = "", *, after: bool = False, seconds: float = 0.0,
        word: str = wire.SYSTEM_ERROR,
    ) -> None:  # fmt: skip
        """Let the next calls of a kind, events (`notify`) or statements go wrong; see `faults`. Raises `ValueError`."""
        if word not in wire.TEXTS:
            raise ValueError(f"there are these words: {', '.join(wire.TEXTS)}")
        with self._store.deal() as books:
            armed.arm(books, on_what, Fault(name, after, seconds, word), times, v_oid, faults.known(on_what))


def _nothing() -> Told | Refused:
    return {}, []

"""支付宝 as a whole: every question and every deed, each one transaction of its books, each with its moment."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from baokao.sandbox.provider import armed
from baokao.sandbox.provider.alipay import bill, checks, faults, notices, orders, trades, wire
from baokao.sandbox.provider.alipay.config import PAGE, Config
from baokao.sandbox.provider.alipay.methods import BILL_LIFE, METHODS
from baokao.sandbox.provider.alipay.notices import Delivery
from baokao.sandbox.provider.alipay.wire import Refused
from baokao.sandbox.provider.armed import Fault
from baokao.sandbox.provider.desk import BookedDesk
from baokao.sandbox.provider.forms import stamp, told, yuan
from baokao.sandbox.provider.http import Answer, Pairs


@dataclass(frozen=True)
class Visit:
    """What the cashier shows. `refused` tells why no money can be taken now; `back` is where the payer goes then."""

    row: sqlite3.Row
    trade: sqlite3.Row | None
    refused: Refused | None

    @property
    def back(self) -> str:
        """The merchant's address for who leaves without paying."""
        return str(self.row["quit_url"] or self.row["return_url"])


class Desk(BookedDesk):
    """支付宝 with its books."""

    HOUSE = "alipay"
    SCHEMA = Path(__file__).with_name("schema.sql")
    SCHEDULE = notices.SCHEDULE

    def __init__(self, config: Config, file: Path | None = None) -> None:
        """`file` None keeps the books in memory."""
        self.config = config
        super().__init__(file, config.factor)

    # ---- The gateway

    def gateway(self, pairs: Pairs, now: datetime) -> Answer:
        """A call of the merchant's server: the exact bytes of the answer, and what befalls them. Pay methods aren't
        called by servers; `arrive` takes them."""
        application = checks.application_of(pairs, self.config)
        fault = Fault("")
        name, deed_done = wire.ERROR, True
        try:
            call = checks.read_call(pairs, self.config, now)
            name = wire.name_of_answer(call.method)
            with self._store.deal() as books:
                trades.pass_time(books, self.config, now)
                fault = armed.take(books, call.method, str(call.biz.get("out_trade_no", ""))) or fault
                deed_done = fault.name not in faults.REPLACING or fault.after
                if call.method not in METHODS:
                    raise Refused("40002", "isv.invalid-method", "该方法由浏览器提交")
                fields = METHODS[call.method](books, self.config, call, now, fault.name) if deed_done else {}
        except Refused as refused:
            fields = refused.fields()
        if fault.page is not None:
            return fault.page
        if fault.name in (faults.UNAVAILABLE, armed.REFUSE):
            fields = (
                _unknown() if fault.name == faults.UNAVAILABLE else Refused("40004", fault.word, "系统错误").fields()
            )
        text = wire.text_of(faults.spoiled(fields, fault.name))
        signature = faults.signed_answer(text, fault.name, self.config) if application else None
        return Answer(body=wire.envelope(name, text, signature), mishap=fault.mishap)

    # ---- The cashier

    def arrive(self, pairs: Pairs, now: datetime) -> str:
        """A browser arrives with a signed order; returns the token of its visit. Raises `Refused`."""
        call = checks.read_call(pairs, self.config, now)
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            return orders.arrive(books, call, now)

    def visit(self, token: str, now: datetime) -> Visit:
        """What the cashier shows. Raises `LookupError`."""
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            row = orders.find(books, token)
            try:
                orders.refuse(books, row, now)
            except Refused as refused:
                return Visit(row, trades.existing(books, row), refused)
            return Visit(row, trades.existing(books, row), None)

    def log_in(self, token: str, now: datetime) -> str:
        """The payer logs in: the trade comes into being. Returns its number. Raises `LookupError`, `Refused`."""
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            return str(trades.begin(books, orders.find(books, token), now)["trade_no"])

    def pay(self, token: str, now: datetime, wanted: Iterable[str] = ()) -> str:
        """The payer pays, with these faults of the notifications. Returns the trade's number.

        Raises `LookupError`, `Refused`, and `ValueError` for a fault that means nothing.
        """
        wished = tuple(wanted)
        if not faults.EVENT_FAULTS.issuperset(wished):
            raise ValueError(f"there are these faults: {', '.join(sorted(faults.EVENT_FAULTS))}")
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            trade = trades.begin(books, orders.find(books, token), now)
            trades.pay(books, self.config, trade, wished, now)
            return str(trade["trade_no"])

    def way_back(self, token: str, now: datetime) -> str:
        """The signed address to which a payer returns who has paid; empty if the merchant gave none."""
        with self._store.deal() as books:
            visit = orders.find(books, token)
            trade = trades.existing(books, visit)
        if not visit["return_url"] or trade is None or trade["paid_at"] is None:
            return ""
        product = "page" if visit["product"] == PAGE else "wap"
        fields = {
            "charset": "utf-8",
            "out_trade_no": trade["out_trade_no"],
            "method": f"alipay.trade.{product}.pay.return",
            "total_amount": yuan(trade["amount"]),
            "trade_no": trade["trade_no"],
            "auth_app_id": trade["app_id"],
            "version": "1.0",
            "app_id": trade["app_id"],
            "seller_id": trade["seller_id"],
            "timestamp": told(stamp(now)),
        }
        query = wire.encoded(wire.signed_pairs(fields, self.config.gateway_key))
        return f"{visit['return_url']}{'&' if '?' in visit['return_url'] else '?'}{query}"

    # ---- Notifications

    def due(self, now: datetime, limit: int = 100) -> list[Delivery]:
        """What is to be sent now. Whoever takes it sends it and then reports it."""
        with self._store.deal() as books:
            trades.pass_time(books, self.config, now)
            return notices.due(books, self.config, now, limit)

    # ---- Bills and faults

    def download(self, token: str, now: datetime) -> tuple[str, bytes] | None:
        """Name and content of a bill's zip; None once its address is too old, or for one that never was."""
        with self._store.deal() as books:
            found = books.execute("SELECT * FROM download WHERE token = ?", (token,)).fetchone()
            if found is None or stamp(now) > found["at"] + BILL_LIFE.total_seconds() * 1000:
                return None
            return bill.make(books, found, now)

    def arm(
        self, on_what: str, name: str, times: int = 1, out_trade_no: str = "", *, after: bool = False,
        seconds: float = 0.0, sub_code: str = "ACQ.SYSTEM_ERROR",
    ) -> None:  # fmt: skip
        """Let the next calls of a method, or events (`notify`), go wrong; see `faults`. Raises `ValueError`."""
        with self._store.deal() as books:
            fault = Fault(name, after, seconds, sub_code)
            armed.arm(books, on_what, fault, times, out_trade_no, faults.known(on_what))


def _unknown() -> dict[str, str]:
    return Refused("20000", "isp.unknow-error", "系统繁忙").fields()

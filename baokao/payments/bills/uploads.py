"""An operator's file as a bill: a table of any shape, told which of its columns is what (rule D7).

Providers show files in their merchants' pages that no protocol describes, so the columns are named when one is read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from baokao.core.clock import SHANGHAI
from baokao.core.sheets import Findings, Progress, open_sheet
from baokao.payments.gateways.contract import BillLine, LineKind

FIELDS = ("number", "amount", "at", "kind", "trade", "refund", "fee")
NEEDED = ("number", "amount", "at")
# What providers call them; without a column for the kind a negative amount is a refund.
KINDS = {
    "交易": LineKind.PAYMENT, "支付": LineKind.PAYMENT, "付款": LineKind.PAYMENT, "收款": LineKind.PAYMENT,
    "消费": LineKind.PAYMENT, "退款": LineKind.REFUND, "退货": LineKind.REFUND,
}  # fmt: skip
_AMOUNT = re.compile(r"[+-]?\d{1,10}(\.\d{1,2})?", re.ASCII)
_WHEN = re.compile(
    r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]?(\d{1,2}):?(\d\d)(?::?(\d\d))?(?:\.\d+)?)?", re.ASCII
)


@dataclass(frozen=True)
class Columns:
    """Which header stands for which field, and which words in the kind's column for what."""

    headers: Mapping[str, str]
    kinds: Mapping[str, LineKind]

    @classmethod
    def of(cls, columns: str, kinds: str = "") -> "Columns":
        """Read `number=订单号,amount=金额,at=时间` and `支付=payment,退款=refund`. ValueError says in Chinese what is
        wrong with them."""
        headers, words = _pairs(columns), _pairs(kinds)
        if unknown := [name for name in headers if name not in FIELDS]:
            raise ValueError(f"未知的字段 {unknown[0]}；可用：{'、'.join(FIELDS)}。")
        if missing := [name for name in NEEDED if name not in headers]:
            raise ValueError(f"须指明 {'、'.join(missing)} 各是哪一列。")
        if wrong := [word for word in words.values() if word not in set(LineKind)]:
            raise ValueError(f"未知的类型 {wrong[0]}；可用：{'、'.join(LineKind)}。")
        return cls(headers, {word: LineKind(kind) for word, kind in words.items()} or KINDS)


def lines(path: Path, columns: Columns, day: date, findings: Findings, progress: Progress) -> Iterator[BillLine]:
    """The file's lines, as long as each row is sound; what isn't is a finding, and then nothing of it may be kept.

    `UnreadableFile` when the file can't be taken at all.
    """
    names = list(columns.headers)
    with open_sheet(path, list(columns.headers.values()), [], findings, progress) as sheet:
        reader = _Reader(columns, day, findings)
        for row, cells in sheet.rows():
            line = reader.line(row, dict(zip(names, (cell.strip() for cell in cells), strict=True)))
            if line is not None:
                yield line


def _pairs(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if wrong := next((name for name, equals, word in pairs if not (equals and name.strip() and word.strip())), None):
        raise ValueError(f"“{wrong}”须写成 名称=值。")
    return {name.strip(): word.strip() for name, _, word in pairs}


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


class _Reader:
    def __init__(self, columns: Columns, day: date, findings: Findings) -> None:
        self._columns, self._day, self._findings = columns, day, findings

    def line(self, row: int, cells: Mapping[str, str]) -> BillLine | None:
        """The row as a line, or None after a fault."""
        amount, fee = self._amount(row, "amount", cells), self._amount(row, "fee", cells)
        at = self._moment(row, cells["at"])
        if amount is None or fee is None or at is None:
            return None
        label = cells.get("kind", "")
        kind = self._kind(label, amount)
        return BillLine(
            kind=kind,
            number=cells["number"],
            trade=cells.get("trade", ""),
            refund=cells.get("refund", "") if kind is LineKind.REFUND else "",
            amount=amount if kind is LineKind.OTHER else abs(amount),
            fee=-abs(fee) if kind is LineKind.REFUND else abs(fee),
            at=at,
            label=label,
        )

    def _kind(self, label: str, amount: Decimal) -> LineKind:
        if "kind" in self._columns.headers:
            return self._columns.kinds.get(label, LineKind.OTHER)
        return LineKind.REFUND if amount < 0 else LineKind.PAYMENT

    def _amount(self, row: int, name: str, cells: Mapping[str, str]) -> Decimal | None:
        text = cells.get(name, "").lstrip("¥￥").replace(",", "")
        if not text and name == "fee":
            return Decimal(0)
        if _AMOUNT.fullmatch(text):
            return Decimal(text)
        self._fault(row, name, f"应为金额（元，至多两位小数），不是“{text[:20]}”" if text else "未填写")
        return None

    def _moment(self, row: int, text: str) -> datetime | None:
        found = _WHEN.fullmatch(text)
        try:
            at = _moment(*(int(part or 0) for part in found.groups())) if found else None
        except ValueError:
            at = None
        if at is None:
            self._fault(row, "at", f"应为日期和时间，不是“{text[:20]}”" if text else "未填写")
        elif at.date() != self._day:
            self._fault(row, "at", f"{at.date()} 不是账单日期 {self._day}")
        else:
            return at
        return None

    def _fault(self, row: int, name: str, reason: str) -> None:
        self._findings.fault(row, self._columns.headers[name], reason)

"""Alipay's list of a day's trades: GB18030, comments in lines that begin with `#`, columns known by their names."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO

from baokao.payments.gateways.contract import BillLine, LineKind, Unknown
from baokao.payments.gateways.values import moment

TITLE = "#支付宝业务明细查询"
MOST_OF_A_LINE = 64 * 1024
_KINDS = {"交易": LineKind.PAYMENT, "退款": LineKind.REFUND}
_COLUMNS = (
    "支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额（元）", "商家实收（元）",
    "退款批次号/请求号", "服务费（元）",
)  # fmt: skip
_AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,2})?")
_ACCOUNT = re.compile(r"#账号：\[(\d+)\]")
_PERIOD = re.compile(r"#起始日期：\[([^]]*)\]\s*终止日期：\[([^]]*)\]")
_TOTAL = re.compile(r"#(交易|退款)合计：(\d+)笔，商家实收(?:退款)?共(-?[0-9.]+)元.*")
_BEGIN = re.compile(r"#-+业务明细列表-+")
_END = re.compile(r"#-+业务明细列表结束-+")


@dataclass
class _Sum:
    count: int = 0
    received: Decimal = Decimal(0)


@dataclass
class _Comments:
    """What the lines beginning with `#` said so far."""

    account: str = ""
    period: tuple[str, str] | None = None
    begun: bool = False
    ended: bool = False
    totals: dict[str, _Sum] = field(default_factory=dict)

    def hear(self, line: str) -> None:
        if found := _ACCOUNT.match(line):
            self.account = found[1]
        elif found := _PERIOD.match(line):
            self.period = (found[1], found[2])
        elif found := _TOTAL.match(line):
            self.totals[found[1]] = _Sum(int(found[2]), _decimal(found[3]))
        elif _BEGIN.match(line):
            self.begun = True
        elif _END.match(line):
            self.ended = True


def read(raw: IO[bytes], seller: str, day: date) -> Iterator[BillLine]:
    """The bill's lines. `Unknown` for a bill of another account or day, and, at its end, for one that is cut off or
    whose rows don't add up to its own totals."""
    comments = _Comments()
    try:
        rows = csv.reader(_rows(raw, comments), strict=True)
        places = _places(next(rows, []))
        _require_ours(comments, seller, day)
        sums = {label: _Sum() for label in _KINDS}
        for row in rows:
            cells = {name: row[place].strip() for name, place in places.items()}
            label = cells["业务类型"]
            if label in sums:
                sums[label].count += 1
                sums[label].received += abs(_decimal(cells["商家实收（元）"]))
            yield _line(label, cells)
    except (UnicodeDecodeError, csv.Error, IndexError) as failed:
        raise Unknown(f"The bill can't be read ({type(failed).__name__}).") from failed
    _require_whole(comments, sums)


def _rows(raw: IO[bytes], comments: _Comments) -> Iterator[str]:
    """The lines that are no comments. Bytes are split at line feeds, which no GB18030 letter contains."""
    buffered = io.BufferedReader(raw, 1 << 16)  # type: ignore[type-var]
    while line := buffered.readline(MOST_OF_A_LINE):
        if not line.endswith(b"\n") and not comments.ended:
            raise Unknown("The bill is cut off within a line, or a line is too long.")
        text = line.decode("gb18030").rstrip("\r\n")
        if text.startswith("#"):
            comments.hear(text)
        elif comments.ended:
            raise Unknown("The bill goes on after its end.")
        elif text.strip():
            yield text


def _places(header: list[str]) -> dict[str, int]:
    places = {name.strip(): place for place, name in enumerate(header)}
    missing = [name for name in _COLUMNS if name not in places]
    if missing:
        raise Unknown(f"The bill has no column {missing[0]}.")
    return {name: places[name] for name in _COLUMNS}


def _require_ours(comments: _Comments, seller: str, day: date) -> None:
    # The account is the merchant's number with 0156 behind it, which stands for yuan.
    if comments.account not in (seller, f"{seller}0156"):
        raise Unknown("The bill is of another account.")
    if not comments.begun or comments.period != (_midnight(day), _midnight(day + timedelta(days=1))):
        raise Unknown(f"The bill is not of {day}.")


def _require_whole(comments: _Comments, sums: dict[str, _Sum]) -> None:
    if not comments.ended:
        raise Unknown("The bill is cut off: its end is missing.")
    for label, counted in sums.items():
        told = comments.totals.get(label)
        if told is None or (told.count, abs(told.received)) != (counted.count, counted.received):
            raise Unknown(f"The bill's rows don't add up to its total of {label}.")


def _line(label: str, cells: dict[str, str]) -> BillLine:
    """A row; the sign of amounts differs between samples, so the kind decides and not the sign."""
    kind = _KINDS.get(label, LineKind.OTHER)
    amount = _decimal(cells["订单金额（元）"])
    fee = _decimal(cells["服务费（元）"] or "0")
    return BillLine(
        kind=kind,
        number=cells["商户订单号"],
        trade=cells["支付宝交易号"],
        refund=cells["退款批次号/请求号"],
        amount=amount if kind is LineKind.OTHER else abs(amount),
        # Charged for a payment, given back with a refund.
        fee=-abs(fee) if kind is LineKind.REFUND else abs(fee),
        at=_at(cells["完成时间"]),
        label=label,
    )


def _at(text: str) -> datetime:
    found = moment(text)
    if found is None:
        raise Unknown("The bill has a row without a time.")
    return found


def _decimal(text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise Unknown("The bill has an amount that is none.")
    return Decimal(text)


def _midnight(day: date) -> str:
    return f"{day:%Y年%m月%d日} 00:00:00"

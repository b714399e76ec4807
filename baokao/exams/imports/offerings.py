"""Offerings: one row a piece of a window; the rows of one campus and subject belong together."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from baokao.core.sheets import Findings
from baokao.core.zone import SHANGHAI
from baokao.exams.rules import CAPACITY_AT_MOST, PAYABLE_AFTER_CLOSING

REQUIRED = ["校区代码", "科目", "容量", "开放时间", "截止时间"]
OPTIONAL = ["费用", "缴费截止", "开放对象"]
FEE_AT_MOST = Decimal("9999.99")
GROUPS = {"": "everyone", "全部": "everyone", "本校": "own"}
_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_WRITTEN_CODE = re.compile(r"^[(（](\w)[)）]\s*")


@dataclass(frozen=True, order=True)
class PieceRow:
    """One piece as the file has it."""

    opens_at: datetime
    closes_at: datetime
    pay_until: datetime
    group: str


@dataclass
class OfferingRows:
    """All rows of one campus and subject. `fee` is None where the file sets none."""

    campus: str
    subject: str
    capacity: int
    fee: Decimal | None
    first: int
    pieces: dict[int, PieceRow] = field(default_factory=dict)


class OfferingReader:
    """Reads rows; `subjects` gives a code for each subject's name, `offered` are the sitting's own codes."""

    def __init__(self, campuses: set[str], subjects: Mapping[str, str], offered: set[str], findings: Findings):
        self._campuses = campuses
        self._names = dict(subjects)
        self._offered = offered
        self._findings = findings

    def read(self, rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[int, dict[tuple[str, str], OfferingRows]]:
        """How many rows there were, and the offerings by campus and subject. Faults are noted row by row."""
        found: dict[tuple[str, str], OfferingRows] = {}
        count = 0
        for row, cells in rows:
            count += 1
            campus, subject, capacity, opens, closes, fee, pay_until, group = (" ".join(cell.split()) for cell in cells)
            place = self._campus(row, campus), self._subject(row, subject)
            seats, amount = self._capacity(row, capacity), self._fee(row, fee)
            piece = self._piece(row, opens, closes, pay_until, group)
            if all(place) and seats is not None and piece:
                offering = found.setdefault(place, OfferingRows(*place, seats, amount, row))
                self._join(offering, row, seats, amount, piece)
        return count, found

    def _join(self, offering: OfferingRows, row: int, seats: int, amount: Decimal | None, piece: PieceRow) -> None:
        """Add a piece, unless it contradicts an earlier row of the same campus and subject."""
        if seats != offering.capacity:
            self._findings.fault(row, "容量", f"与第 {offering.first} 行不一致：该处容量是 {offering.capacity}")
        if amount is not None and offering.fee is not None and amount != offering.fee:
            self._findings.fault(row, "费用", f"与第 {offering.first} 行不一致：该处费用是 {offering.fee}")
        offering.fee = offering.fee if amount is None else amount
        for earlier, other in offering.pieces.items():
            if other.group == piece.group and piece.opens_at < other.closes_at and other.opens_at < piece.closes_at:
                self._findings.fault(row, "开放时间", f"与第 {earlier} 行的开放时间重叠")
        offering.pieces[row] = piece

    def _campus(self, row: int, code: str) -> str:
        if code in self._campuses:
            return code
        self._findings.fault(row, "校区代码", f"未知的校区“{code[:10]}”" if code else "未填写")
        return ""

    def _subject(self, row: int, text: str) -> str:
        name = _WRITTEN_CODE.sub("", text)
        code = self._names.get(name, name.upper())
        if code not in self._names.values():
            self._findings.fault(row, "科目", f"未知的科目“{text[:20]}”" if text else "未填写")
        elif code not in self._offered:
            label = next(name for name, known in self._names.items() if known == code)
            self._findings.fault(row, "科目", f"本考次没有科目 ({code}) {label}")
        else:
            return code
        return ""

    def _capacity(self, row: int, text: str) -> int | None:
        if re.fullmatch(r"[0-9]{1,7}", text) and int(text) <= CAPACITY_AT_MOST:
            return int(text)
        self._findings.fault(row, "容量", f"应为 0–{CAPACITY_AT_MOST} 的整数，不是“{text[:12]}”" if text else "未填写")
        return None

    def _fee(self, row: int, text: str) -> Decimal | None:
        """Yuan with at most two decimals; None where none is given or after a fault."""
        if not text:
            return None
        try:
            amount = Decimal(text.removesuffix("元").removeprefix("¥"))
            if amount.is_finite() and 0 <= amount <= FEE_AT_MOST and amount == round(amount, 2):
                return round(amount, 2)
        except InvalidOperation:
            pass
        self._findings.fault(row, "费用", f"应为 0–{FEE_AT_MOST} 元、至多两位小数的金额，不是“{text[:12]}”")
        return None

    def _piece(self, row: int, opens: str, closes: str, pay_until: str, group: str) -> PieceRow | None:
        before = self._findings.fault_count
        opens_at, closes_at = self._moment(row, "开放时间", opens), self._moment(row, "截止时间", closes)
        payable = self._moment(row, "缴费截止", pay_until) if pay_until else None
        if group not in GROUPS:
            self._findings.fault(row, "开放对象", f"应为全部或本校，不是“{group[:10]}”")
        if opens_at and closes_at and closes_at <= opens_at:
            self._findings.fault(row, "截止时间", "不晚于开放时间")
        if closes_at and payable and payable < closes_at:
            self._findings.fault(row, "缴费截止", "早于截止时间")
        if self._findings.fault_count > before or opens_at is None or closes_at is None:
            return None
        return PieceRow(opens_at, closes_at, payable or closes_at + PAYABLE_AFTER_CLOSING, GROUPS[group])

    def _moment(self, row: int, column: str, text: str) -> datetime | None:
        for form in _MOMENTS:
            try:
                return datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
            except ValueError:
                continue
        example = "应为 2017-09-20 14:00:00 的形式"
        self._findings.fault(row, column, f"{example}，不是“{text[:20]}”" if text else "未填写")
        return None

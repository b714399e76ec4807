"""The operator's statement of a day, as finance staff fetch it from the merchant's pages: a GBK table.

Nothing public describes the real one; columns and their names are the sandbox's own.
"""

import csv
import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from baokao.sandbox.provider.forms import stamp, told, yuan
from baokao.sandbox.provider.payease import faults
from baokao.sandbox.provider.payease.banks import BANKS
from baokao.sandbox.provider.store import Books

HEADER = ("订单编号", "交易类型", "支付方式", "交易金额", "币种", "交易时间", "退款编号")
_ROWS = """
SELECT v_oid, bank, paid_at AS at, trade.amount AS fen, '' AS refid
FROM trade JOIN try ON try.trade_id = trade.id AND pstatus = '1' WHERE paid_at >= :begins AND paid_at < :ends
UNION ALL
SELECT v_oid, bank, refund.at, -refund.amount, refid
FROM refund JOIN trade ON trade.id = refund.trade_id JOIN try ON try.trade_id = trade.id AND pstatus = '1'
WHERE refund.at >= :begins AND refund.at < :ends
ORDER BY 3, 5, 1
"""


@dataclass(frozen=True)
class Row:
    """A payment, or a refund with a negative amount."""

    v_oid: str
    bank: str
    at: int
    fen: int
    refid: str


def make(books: Books, day: datetime, fault: str) -> bytes:
    """The table of the Beijing day that begins at `day`: what was paid and what was refunded in it."""
    bounds = {"begins": stamp(day), "ends": stamp(day + timedelta(days=1))}
    rows = _spoiled([Row(*row) for row in books.execute(_ROWS, bounds)], fault)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(
        (row.v_oid, "退款" if row.refid else "支付", BANKS[row.bank], yuan(row.fen), "人民币", told(row.at), row.refid)
        for row in rows
    )
    return text.getvalue().encode("gb18030")


def _spoiled(rows: list[Row], fault: str) -> list[Row]:
    if not rows:
        return rows
    if fault == faults.ROW_MISSING:
        return rows[1:]
    if fault == faults.ROW_OTHER_AMOUNT:
        return [replace(rows[0], fen=rows[0].fen + (-1 if rows[0].refid else 1)), *rows[1:]]
    if fault == faults.ROW_EXTRA:
        return [*rows, replace(rows[-1], v_oid=faults.another(rows[-1].v_oid), fen=100, refid="")]
    return rows

"""A bill's lines on their way into the database: first a file of ours, so that nothing of a bill that turns out to be
cut off is ever seen there and no transaction waits for a provider; then one COPY."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import IO, Any

from baokao.payments.gateways.contract import BillLine

# Longer than any text of a provider's that can be one of ours; what is cut can't be taken for ours.
_TEXT = 64
_LABEL = 40
_PIECE = 1 << 18
# Up to here any plan is good.
_FEW = 1000
_COLUMNS = "bill_id, position, kind, label, number, trade, refund, amount, fee, at"
_STAGING = """
CREATE TEMPORARY TABLE IF NOT EXISTS bill_staging (LIKE payments_bill_line) ON COMMIT DELETE ROWS;
DELETE FROM bill_staging
"""
_KEEP = f"INSERT INTO payments_bill_line ({_COLUMNS}, deed) SELECT {_COLUMNS}, deed FROM bill_staging ORDER BY position"  # noqa: S608
_TOTALS = """
SELECT count(*), count(*) FILTER (WHERE kind = 'payment'), coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0),
       count(*) FILTER (WHERE kind = 'refund'), coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0),
       coalesce(sum(fee), 0)
  FROM bill_staging
"""


@contextmanager
def written(lines: Iterable[BillLine], bill: Any) -> Iterator[IO[bytes]]:
    """A file of the bill's lines as COPY wants them, once all of them have come; `lines` raises what it raises."""
    with tempfile.TemporaryFile() as file:
        for position, line in enumerate(lines, start=1):
            file.write(_row(bill, position, line).encode())
        file.seek(0)
        yield file


def stage(cursor: Any, file: IO[bytes]) -> dict[str, int | Decimal]:
    """Send the file to a temporary table; the bill's totals."""
    cursor.execute(_STAGING)
    with cursor.copy(f"COPY bill_staging ({_COLUMNS}) FROM STDIN") as copy:
        while piece := file.read(_PIECE):
            copy.write(piece)
    cursor.execute(_TOTALS)
    names = ("lines", "payments", "paid", "refunds", "refunded", "fees")
    totals = dict(zip(names, cursor.fetchone(), strict=True))
    if totals["lines"] > _FEW:
        cursor.execute("ANALYZE bill_staging")
    return totals


def keep(cursor: Any) -> None:
    """Put what is staged beside the other bills' lines."""
    cursor.execute(_KEEP)


def _row(bill: Any, position: int, line: BillLine) -> str:
    texts = "\t".join((_plain(line.label, _LABEL), _plain(line.number), _plain(line.trade), _plain(line.refund)))
    return f"{bill}\t{position}\t{line.kind}\t{texts}\t{line.amount}\t{line.fee}\t{line.at.isoformat()}\n"


def _plain(text: str, most: int = _TEXT) -> str:
    """A provider's text for one column: no tabs, line ends, NUL or other marks that COPY would read as its own."""
    text = text[:most]
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text.replace("\\", "\\\\") if "\\" in text else text

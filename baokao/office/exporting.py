"""Lists as files for Excel (rule G4): no cell starts a formula, whatever somebody wrote into a name."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from xlsxwriter import Workbook

Cell = str | int | Decimal | None
FORMATS = (("xlsx", "Excel（.xlsx）"), ("csv", "CSV（.csv，UTF-8）"))
# What a spreadsheet takes for the beginning of a formula, also behind blanks and in full width.
_STARTS = re.compile(r"^[\s\u3000]*[=+\-@|%＝＋－＠]")
# Characters that XML and spreadsheets can't hold, and marks that turn the direction of writing.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LONGEST = 32_000


def harmless(text: str) -> str:
    """The text as a cell may hold it: with an apostrophe before what a spreadsheet could take for a formula."""
    clean = _UNWRITABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")[:_LONGEST]
    return f"'{clean}" if _STARTS.match(clean) else clean


def download(name: str, kind: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponseBase:
    """The rows as a file to keep: `kind` is `xlsx` or, for anything else, `csv`; `name` without its ending."""
    response: HttpResponseBase
    if kind == "xlsx":
        response = FileResponse(
            workbook(name, heads, rows),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    else:
        kind = "csv"
        response = StreamingHttpResponse(lines(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}')}"
    response["Cache-Control"] = "private, no-store"
    return response


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """An .xlsx in a temporary file, at its beginning. A row at a time is in memory; every text is written as a text."""
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", "", title)[:31])
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            sheet.set_column(column, column, max(8, 2 * len(head) + 2))
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, harmless(cell))
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    file.seek(0)
    return file


def lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A .csv line by line, with the mark by which Excel knows UTF-8."""
    yield "\ufeff".encode()
    for row in chain([heads], rows):
        line = io.StringIO()
        csv.writer(line).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue().encode()

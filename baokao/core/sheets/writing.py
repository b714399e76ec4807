"""Tables as .xlsx files, in which no cell is ever a formula or a link (rule G4)."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 40


def workbook(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = "Sheet1") -> bytes:
    """A workbook of one sheet: the columns' headers in bold, then rows of text, written row by row.

    Every cell is text, so that an ID number keeps its last digits and `=1+1` stays what it is.
    """
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(title)
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True, "num_format": "@"})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, min(_WIDEST, max(10, 2 * len(column) + 2)), text)
            sheet.write_string(0, place, column, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, text)
    return out.getvalue()

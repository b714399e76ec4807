"""The helper process of `workbook`: the first sheet of a workbook to standard output, as one JSON line and then CSV.

python -m baokao.core.sheets.convert FILE MEMORY SECONDS
"""

import csv
import datetime as dt
import json
import resource
import sys
from typing import Any

COLUMNS_AT_MOST = 1_000
MERGED_AT_MOST = 100


def main(path: str, memory: int, seconds: int) -> None:
    """Limit this process, then read and write. Errors that can be named are the JSON line's `error`."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook

    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    try:
        book = CalamineWorkbook.from_path(path)
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, IndexError, ValueError, OSError):
        print(json.dumps({"error": "文件不是有效的 .xlsx 表格。"}))  # noqa: T201
        return
    if sheet.start is None or sheet.end is None:
        print(json.dumps({"error": "表格是空的。"}))  # noqa: T201
        return
    if sheet.end[1] >= COLUMNS_AT_MOST:
        print(json.dumps({"error": f"表格的列数过多（多于 {COLUMNS_AT_MOST} 列）。"}))  # noqa: T201
        return
    merged = [[start[0] + 1, letters(start[1])] for start, _ in sheet.merged_cell_ranges or []][:MERGED_AT_MOST]
    above, before = sheet.start
    height = sheet.end[0] + 1
    print(json.dumps({"height": height, "merged": merged, "others": len(book.sheet_names) - 1}))  # noqa: T201
    out = csv.writer(sys.stdout)
    out.writerows([[""]] * above)
    for row in sheet.iter_rows():
        out.writerow([""] * before + [text(cell) for cell in row])


def letters(column: int) -> str:
    """The sheet's own name of a column counted from 0: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def text(cell: Any) -> str:
    """A cell as the text that a person meant. A number too long for a spreadsheet keeps its exponent, to be noticed."""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return f"{cell:.14E}" if abs(cell) >= 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        # A spreadsheet keeps moments as fractions of a day; the nearest second is what was typed.
        return f"{cell + dt.timedelta(milliseconds=500):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m-%d}"
    return str(cell)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

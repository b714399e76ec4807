"""Opening a file as a sheet: the header's columns found, then its rows one by one, with progress."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from baokao.core.sheets import textfile, workbook
from baokao.core.sheets.columns import Columns
from baokao.core.sheets.findings import Findings, UnreadableFile

# What is told while a file is worked on: a word for the stage, how much is done, of how much (0: not known).
Progress = Callable[[str, int, int], None]
_EVERY = 0.5


class Sheet:
    """A file's rows after its header. `rows()` gives (the file's own row number, wanted cells), blank rows left out."""

    def __init__(self, columns: Columns, numbered: Iterator[tuple[int, list[str]]], findings: Findings):
        self._columns = columns
        self._numbered = numbered
        self._findings = findings

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Each row once. A row with cells beyond the header is a fault and still given."""
        columns, width, pick = self._columns, self._columns.width, self._columns.pick
        for row, cells in self._numbered:
            if not any(cells) or not "".join(cells).strip():
                continue
            if len(cells) > width and columns.too_wide(cells):
                self._findings.fault(row, "", "单元格多于表头的列数，可能多了逗号")
            yield row, pick(cells)


@contextmanager
def open_sheet(
    path: Path, required: Sequence[str], optional: Sequence[str], findings: Findings, progress: Progress
) -> Iterator[Sheet]:
    """Open a file by what it is, not by what it is called. `UnreadableFile` when it can't be taken at all."""
    try:
        with path.open("rb") as file:
            magic = file.read(8)
    except OSError as error:
        raise UnreadableFile(f"文件打不开：{error.strerror}。") from error
    if not magic:
        raise UnreadableFile("文件是空的。")
    if magic.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("这是旧式 .xls 或加密的表格，请另存为 .xlsx 或 CSV。")
    if magic.startswith(b"PK"):
        with workbook.open_book(path) as book:
            for row, column in book.merged:
                findings.fault(row, f"{column} 列", "合并的单元格，请取消合并")
            if book.other_sheets:
                findings.warn(0, "", f"只读取第一张工作表，另有 {book.other_sheets} 张未读取")
            yield _sheet(book.rows, required, optional, findings, lambda row: progress("读取", row, book.height))
        return
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        raise UnreadableFile("文件不是有效的 .xlsx 表格。")
    encoding = textfile.encoding_of(path)
    size = path.stat().st_size
    with path.open("rb") as raw:
        rows = textfile.rows_of(raw, encoding)
        yield _sheet(rows, required, optional, findings, lambda row: progress("读取", raw.tell(), size))


def _sheet(
    rows: Iterator[list[str]],
    required: Sequence[str],
    optional: Sequence[str],
    findings: Findings,
    tell: Callable[[int], None],
) -> Sheet:
    header = next(rows, None)
    if header is None:
        raise UnreadableFile("表格是空的。")
    return Sheet(Columns(header, required, optional, findings), _numbered(rows, tell), findings)


def _numbered(rows: Iterator[list[str]], tell: Callable[[int], None]) -> Iterator[tuple[int, list[str]]]:
    told = 0.0
    for number, cells in enumerate(rows, start=2):
        if not number % 1000 and time.monotonic() - told > _EVERY:
            told = time.monotonic()
            tell(number)
        yield number, cells

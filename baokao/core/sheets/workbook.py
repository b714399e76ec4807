"""An .xlsx file as rows of cells, read by a helper process whose memory and time are limited.

The reader unfolds a sheet in memory. What a hostile file can make of that (a bomb, one cell at the far corner, one long
text shown a million times) is not to be foreseen case by case, so the helper simply may not have more.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from baokao.core.archives import BadArchive, members
from baokao.core.sheets.findings import UnreadableFile

UNZIPPED_AT_MOST = 400 * 1024 * 1024
PARTS_AT_MOST = 2_000
MEMORY_AT_MOST = 400 * 1024 * 1024
SECONDS_AT_MOST = 120
TOO_LARGE = "表格过大或已损坏，请存为 CSV（UTF-8）后再导入。"


@dataclass(frozen=True)
class Book:
    """The first sheet: how many rows it has, its merged ranges as (row, column letter), its rows, the header first."""

    height: int
    merged: list[tuple[int, str]]
    other_sheets: int
    rows: Iterator[list[str]]


def check_archive(path: Path) -> None:
    """Refuse from the archive's own directory what is no workbook, and what says that it is too large."""
    try:
        parts = members(path, PARTS_AT_MOST)
    except BadArchive as error:
        raise UnreadableFile(TOO_LARGE if error.large else "文件不是有效的 .xlsx 表格。") from error
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise UnreadableFile("文件不是有效的 .xlsx 表格。")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("文件已加密，请去掉密码后再导入。")
    if sum(part.file_size for part in parts) > UNZIPPED_AT_MOST:
        raise UnreadableFile(TOO_LARGE)


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """The workbook's first sheet; `UnreadableFile` when it is none, or needs more memory or time than allowed."""
    check_archive(path)
    command = [sys.executable, "-m", "baokao.core.sheets.convert", str(path), str(MEMORY_AT_MOST), str(SECONDS_AT_MOST)]
    helper = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")  # noqa: S603
    try:
        assert helper.stdout is not None
        head = _head(helper.stdout.readline(), helper)
        merged = [(row, column) for row, column in head["merged"]]
        yield Book(head["height"], merged, head["others"], _rows(csv.reader(helper.stdout), helper, head["height"]))
    finally:
        helper.kill()
        helper.wait()
        helper.stdout and helper.stdout.close()


def _head(line: str, helper: "subprocess.Popen[str]") -> dict:
    if not line:
        helper.wait()
        raise UnreadableFile(TOO_LARGE)
    head = json.loads(line)
    if "error" in head:
        raise UnreadableFile(head["error"])
    return head


def _rows(reader: Iterator[list[str]], helper: "subprocess.Popen[str]", height: int) -> Iterator[list[str]]:
    for count, cells in enumerate(reader, start=1):
        yield cells
        if count == height:
            return
    # It ended before its last row: it was stopped by its limits.
    if height:
        raise UnreadableFile(TOO_LARGE)

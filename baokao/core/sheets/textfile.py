"""Comma-separated text as rows of cells."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from baokao.core.sheets.findings import UnreadableFile

_CHUNK = 1 << 20


def encoding_of(path: Path) -> str:
    """`utf-8-sig` or `gb18030`, whichever the whole file is, found by reading it once in pieces.

    `UnreadableFile` for NUL bytes, for a line of more than two million bytes, and for bytes that are neither.
    """
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise UnreadableFile("文件编码是 UTF-16，请另存为 CSV UTF-8 或 .xlsx。")
    _check_bytes(path)
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise UnreadableFile("文件不是表格，或其文字编码既不是 UTF-8 也不是 GB18030。")


def _check_bytes(path: Path) -> None:
    row = 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if (place := chunk.find(b"\0")) >= 0:
                row += chunk.count(b"\n", 0, place)
                raise UnreadableFile(f"第 {row} 行含有空字符(NUL)，文件不是表格或已损坏。")
            lines = chunk.count(b"\n")
            if not lines and len(chunk) == _CHUNK and b"\r" not in chunk:
                raise UnreadableFile(f"第 {row} 行过长，不是可以导入的表格。")
            row += lines


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def rows_of(raw: BinaryIO, encoding: str) -> Iterator[list[str]]:
    """The records of a file as lists of cells; an empty line is an empty list, for it is a row of the file too.

    `UnreadableFile`, naming the row, for quotation marks that don't pair and for a cell of more than 131,072 letters.
    """
    # With newline="" lines are broken at \n and \r only, and csv sees them as they are.
    reader = csv.reader(io.TextIOWrapper(raw, encoding=encoding, newline=""), strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(f"第 {row} 行：引号不成对，或一格内容过长。") from error
        yield cells

"""证明材料: what is handed in is decoded and encoded anew, so that nothing of the file itself is kept or served.

The decoding runs in a process of its own (`rendering.py`), one a file, and holds up nobody but who sent it.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from baokao.core.verdict import Refused, RefusedError

BYTES_AT_MOST = 8 << 20
FILES_AT_MOST = 4
PAGES_AT_MOST = 10
SECONDS_AT_MOST = 10.0
_PROGRAM = Path(__file__).with_name("rendering.py")

_ABOUT = "proof"
TOO_LARGE = Refused("file_too_large", f"每个文件不能超过 {BYTES_AT_MOST >> 20} MB。", about=_ABOUT)
TOO_MANY = Refused("too_many_files", f"一次最多上传 {FILES_AT_MOST} 个文件。", about=_ABOUT)
UNREADABLE = Refused("file_unreadable", "文件已损坏、加了密码或无法读取，请重新扫描后上传。", about=_ABOUT)
_REFUSALS = {
    3: Refused("file_unknown", "只能上传 JPG、PNG、WebP 图片或 PDF 文件。", about=_ABOUT),
    5: Refused("too_many_pages", f"最多 {PAGES_AT_MOST} 页，请只上传需要的页。", about=_ABOUT),
    6: Refused("picture_too_large", "图片尺寸过大，请缩小后上传。", about=_ABOUT),
}


@dataclass(frozen=True)
class Page:
    """One page of proof: a JPEG of our own making, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


class Sent(Protocol):
    """A file as a form has it."""

    size: int | None

    def read(self) -> bytes: ...


def pages_of(files: Sequence[Sent]) -> list[Page]:
    """The pages of all files, in their order. To be called outside of any transaction. Raises RefusedError for a file
    that is too large, broken, or neither picture nor PDF."""
    if len(files) > FILES_AT_MOST:
        raise RefusedError(TOO_MANY)
    if any((file.size or 0) > BYTES_AT_MOST for file in files):
        raise RefusedError(TOO_LARGE)
    found = [page for file in files for page in _decoded(file.read())]
    if len(found) > PAGES_AT_MOST:
        raise RefusedError(_REFUSALS[5])
    return found


def _decoded(content: bytes) -> list[Page]:
    try:
        done = subprocess.run(  # noqa: S603 (our own program, told nothing by anybody)
            [sys.executable, "-I", str(_PROGRAM)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_AT_MOST,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise RefusedError(UNREADABLE) from late
    if done.returncode:
        raise RefusedError(_REFUSALS.get(done.returncode, UNREADABLE))
    return list(_pages(done.stdout))


def _pages(told: bytes) -> Iterator[Page]:
    place = 0
    while place < len(told):
        width, height, length = (int.from_bytes(told[place + at : place + at + 4], "big") for at in (0, 4, 8))
        place += 12
        yield Page(told[place : place + length], width, height)
        place += length

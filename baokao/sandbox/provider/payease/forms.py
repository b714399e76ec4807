"""Order numbers, amounts and days as the protocol writes them; nothing looser is taken."""

import re
from datetime import datetime

from baokao.sandbox.provider.forms import BEIJING

_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,8})\.([0-9]{2})")
_DAY = re.compile(r"[0-9]{8}")
_SERIAL = re.compile(r"[A-Za-z0-9]{1,20}")


def read_amount(text: str) -> int | None:
    """`120.00` in fen; None for any other form, and for nothing at all."""
    match = _AMOUNT.fullmatch(text)
    return (int(match[1]) * 100 + int(match[2]) or None) if match else None


def read_day(text: str) -> datetime | None:
    """The beginning of `20261123` in Beijing; None if that is no day."""
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=BEIJING) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def is_order_number(text: str, mid: str) -> bool:
    """Whether this is `20261123-888-REG0001` with this merchant's number."""
    parts = text.split("-")
    return len(parts) == 3 and read_day(parts[0]) is not None and parts[1] == mid and bool(_SERIAL.fullmatch(parts[2]))

"""Moments, deadlines and amounts as 支付宝 writes them."""

import re
from datetime import datetime, timedelta

from baokao.sandbox.provider.forms import BEIJING, told

LARGEST = 100_000_000_00

_YUAN = re.compile(r"(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_TIMEOUT = re.compile(r"([1-9][0-9]{0,4})([mhd])")
LONGEST_TIMEOUT = timedelta(days=15)


def told_exactly(stamped: int) -> str:
    """`2026-11-23 09:31:10.042`, as `gmt_refund` has it."""
    return f"{told(stamped)}.{stamped % 1000:03d}"


def read_moment(text: str, *, seconds: bool = True) -> datetime | None:
    """A moment of the wire, or None. `seconds` False also takes `yyyy-MM-dd HH:mm`, as older wap pages do."""
    match = _MOMENT.fullmatch(text)
    if not match or (seconds and not match[1]):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    except ValueError:
        return None


def read_timeout(text: str, begun: datetime) -> datetime | None:
    """When a trade that begins at `begun` ends by `timeout_express`; None if that is no `1m` … `15d` or `1c`."""
    if text == "1c":
        day = begun.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(days=1)
    match = _TIMEOUT.fullmatch(text)
    if not match:
        return None
    length = int(match[1]) * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[match[2]]
    return begun + length if length <= LONGEST_TIMEOUT else None


def read_yuan(value: object) -> int | None:
    """An amount in fen; None unless it is a text from 0.01 to 100000000.00 with at most two decimals."""
    match = _YUAN.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return None
    fen = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    return fen if 1 <= fen <= LARGEST else None

"""How moments, durations and identifiers are put into words; pure, for rules, pages and mails alike."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from baokao.core.zone import local

_LONG_RUN = re.compile(r"[0-9A-Za-zＡ-Ｚａ-ｚ０-９]{7,}")


def shown(moment: datetime) -> str:
    """`2017-09-20 14:00` in Asia/Shanghai; seconds only where there are some (rule H1)."""
    here = local(moment)
    return f"{here:%Y-%m-%d %H:%M:%S}" if here.second else f"{here:%Y-%m-%d %H:%M}"


def left(until: datetime, now: datetime) -> str:
    """`10 天 2 小时 58 分`; under a minute `不到 1 分`. Nothing is left: empty."""
    remaining = until - now
    if remaining <= timedelta():
        return ""
    days, rest = divmod(int(remaining.total_seconds()), 86400)
    hours, minutes = divmod(rest // 60, 60)
    if not (days or hours or minutes):
        return "不到 1 分"
    parts = [(days, "天"), (hours, "小时"), (minutes, "分")]
    while parts[0][0] == 0:
        parts.pop(0)
    return " ".join(f"{count} {unit}" for count, unit in parts)


def masked_number(number: str) -> str:
    """An ID number with its middle hidden: `330***0000`, never more than half of it shown (rule H2)."""
    keep = min(3, len(number) // 4)
    return f"{number[:keep]}***{number[len(number) - keep :]}" if keep else "***"


def masked_numbers(text: str) -> str:
    """Text that people wrote, with every run of letters and digits that could be an ID number shown by its ends."""
    return _LONG_RUN.sub(lambda found: masked_number(found[0]), text)


def masked_mobile(mobile: str) -> str:
    """`138****1234`."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) >= 11 else "***"


def masked_address(address: str) -> str:
    """`y***@example.com`: enough for its owner to know it by, and for nobody else."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


def yuan(amount: Decimal) -> str:
    """`0.02`: two decimals, no sign."""
    return f"{amount:.2f}"

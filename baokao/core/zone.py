"""The one time zone in which people here read times (rule H1)."""

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(moment: datetime) -> datetime:
    """The moment as people here read it."""
    return moment.astimezone(SHANGHAI)

"""Money and times as providers write them: read strictly, written in one form."""

import re
from datetime import datetime
from decimal import Decimal

from baokao.core.zone import SHANGHAI

_YUAN = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
_FEN = Decimal("0.01")


def yuan(text: str | None) -> Decimal | None:
    """An amount in yuan of the one form `120.00` (rule D3: exact decimals); None for anything else, `1e2`, `-1.00`
    and full-width digits included."""
    return Decimal(text) if text is not None and _YUAN.fullmatch(text) else None


def yuan_text(amount: Decimal) -> str:
    """The amount as providers want it. `ValueError` when it is not positive or has parts of a fen."""
    if not amount.is_finite() or amount < _FEN or amount != amount.quantize(_FEN):
        raise ValueError(f"{amount} is no amount to pay or to refund.")
    return f"{amount:.2f}"


def moment_text(moment: datetime) -> str:
    """`2026-11-23 09:30:00`, in Beijing; a part of a second is dropped, so that a deadline is never later than ours."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def moment(text: str | None) -> datetime | None:
    """The moment of such a text, milliseconds allowed; None for anything else."""
    try:
        read = datetime.strptime((text or "").partition(".")[0], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 (zone follows)
    except ValueError:
        return None
    return read.replace(tzinfo=SHANGHAI)

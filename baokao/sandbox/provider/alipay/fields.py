"""Reading `biz_content`: every field checked by form before any rule is asked."""

import re
from collections.abc import Mapping
from typing import Any

from baokao.sandbox.provider.alipay.forms import read_yuan
from baokao.sandbox.provider.alipay.wire import Refused

_NUMBER = re.compile(r"[0-9A-Za-z_]{1,64}")


def invalid(name: str, why: str = "") -> Refused:
    """The refusal of a field's form."""
    return Refused("40004", "ACQ.INVALID_PARAMETER", f"参数无效：{name}{'，' + why if why else ''}")


def text(biz: Mapping[str, Any], name: str, longest: int, *, must: bool = False) -> str:
    """A text of at most so many characters; empty if it isn't there and needn't be."""
    value = biz.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise invalid(name, f"应为不超过{longest}个字符的文本")
    if must and not value.strip():
        raise invalid(name, "不能为空")
    return value


def number(biz: Mapping[str, Any], name: str, *, must: bool = True) -> str:
    """A number of the merchant's: up to 64 letters, digits, underscores."""
    value = text(biz, name, 64, must=must)
    if value and not _NUMBER.fullmatch(value):
        raise invalid(name, "只能包含字母、数字、下划线")
    return value


def amount(biz: Mapping[str, Any], name: str) -> int:
    """An amount in fen."""
    fen = read_yuan(biz.get(name))
    if fen is None:
        raise invalid(name, "应为0.01至100000000.00的文本，最多两位小数")
    return fen


def trade_numbers(biz: Mapping[str, Any]) -> tuple[str, str]:
    """`trade_no` and `out_trade_no`, of which one at least is there; if both are, `trade_no` wins."""
    numbers = number(biz, "trade_no", must=False), number(biz, "out_trade_no", must=False)
    if not any(numbers):
        raise invalid("out_trade_no", "与trade_no不能同时为空")
    return numbers

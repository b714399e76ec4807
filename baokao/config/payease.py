"""Settings of PayEase that have a form of their own."""

import os
import re
from collections.abc import Mapping

from baokao.config import env

_MERCHANT = re.compile(r"[0-9]{1,12}")
_KEY = re.compile(r"[A-Za-z0-9]{4,64}")
_BANK = re.compile(r"([0-9]{1,5}):(\w{1,20})")
# What several independent merchants offer, the largest first. Which of them a merchant may offer, and what else, is a
# matter of its contract; seen here and there are 14:平安银行, 60:华夏银行, 121:上海银行, 254:微信扫码, 271:支付宝扫码.
_USUAL = (
    "9:中国工商银行,43:中国农业银行,85:中国银行,4:中国建设银行,67:交通银行,59:中国邮政储蓄银行,"
    "3:招商银行,28:中国民生银行,33:兴业银行,44:广发银行,50:北京银行,69:上海浦东发展银行,"
    "74:中国光大银行,75:北京农村商业银行,83:渤海银行,84:中信银行,126:银联在线"
)


def merchant(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """Our number at PayEase; empty when unset."""
    value = env.text(name, "", environ)
    if value and not _MERCHANT.fullmatch(value):
        raise env.BadSetting(name, f"{value!r} is no merchant number.")
    return value


def keys(name: str, environ: Mapping[str, str] = os.environ) -> list[bytes]:
    """The keys that are shared with PayEase, with commas between them: one, or two during a change of keys."""
    found = env.words(name, "", environ)
    if len(found) > 2 or not all(_KEY.fullmatch(key) for key in found):
        # The value itself is a secret, so the message shows none of it.
        raise env.BadSetting(name, "one key, or two with a comma between them, of letters and digits.")
    return [key.encode("ascii") for key in found]


def banks(name: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The banks that are offered, in this order: PayEase's code of each and its name."""
    found = [_BANK.fullmatch(word) for word in env.words(name, _USUAL, environ)]
    if not found or not all(found):
        raise env.BadSetting(name, "each bank reads CODE:NAME, such as 85:中国银行, with commas between them.")
    return {bank[1]: bank[2] for bank in found if bank}

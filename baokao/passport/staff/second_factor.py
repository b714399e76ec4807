"""The second factor (rule G2): codes of RFC 6238 by pyotp, and recovery codes that work once."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP = 30
# A telephone's clock may be half a minute out, either way.
_TOLERANCE = 1
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
_SEPARATORS = re.compile(r"[\s-]+")


def new_secret() -> str:
    """A secret of 160 bits in base32, as authenticator programs take it."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step whose code this is, counted from 1970, or None when it is the code of none near `now`."""
    totp, found = pyotp.TOTP(secret), None
    present = int(now.timestamp()) // STEP
    for step in range(present - _TOLERANCE, present + _TOLERANCE + 1):
        if hmac.compare_digest(totp.at(step * STEP).encode(), code.encode()):
            found = step
    return found


def address(secret: str, account: str, issuer: str) -> str:
    """The `otpauth://` address that authenticator programs read from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def new_recovery_codes() -> list[str]:
    """Fresh codes as they are shown once, such as `ABCD-EFGH-IJKL-MNOP`."""
    return [_grouped(base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES)]


def recovery_digest(code: str) -> bytes:
    """What is kept of a recovery code. It has 80 random bits, so that a plain digest tells nothing of it."""
    return hashlib.sha256(b"staff recovery code\0" + typed(code).encode()).digest()


def typed(code: str) -> str:
    """A code as it is compared: without the blanks and hyphens that people copy along, in upper case."""
    return _SEPARATORS.sub("", code).upper()


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))

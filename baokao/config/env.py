"""Strict little readers of the environment: nonsense stops the program at start, in a sentence naming the setting."""

import base64
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

_DURATION = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?")


class BadSetting(SystemExit):
    """A setting that can't be used; the message says which, and what it should look like."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Setting {name}: {why}")


def text(name: str, default: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """The setting as it stands, without surrounding blanks."""
    return environ.get(name, default).strip()


def choice(name: str, allowed: tuple[str, ...], default: str, environ: Mapping[str, str] = os.environ) -> str:
    """One word of a closed list."""
    value = text(name, default, environ)
    if value not in allowed:
        raise BadSetting(name, f"{value!r} is none of {', '.join(allowed)}.")
    return value


def integer(name: str, default: int, low: int, high: int, environ: Mapping[str, str] = os.environ) -> int:
    """A whole number between two bounds, both included."""
    value = text(name, str(default), environ)
    if not re.fullmatch(r"-?\d{1,9}", value) or not low <= int(value) <= high:
        raise BadSetting(name, f"{value!r} is not a whole number from {low} to {high}.")
    return int(value)


def flag(name: str, default: bool, environ: Mapping[str, str] = os.environ) -> bool:
    """`on` or `off`; nothing else, so that `False`, `no` and `0` never mean yes."""
    return choice(name, ("on", "off"), "on" if default else "off", environ) == "on"


def duration(name: str, default: str, environ: Mapping[str, str] = os.environ) -> timedelta:
    """An ISO 8601 duration of days, hours, minutes and seconds, such as PT24H, longer than nothing."""
    value = text(name, default, environ)
    match = _DURATION.fullmatch(value)
    parts = {unit: int(count) for unit, count in match.groupdict().items() if count} if match else {}
    if not parts or not timedelta(**parts):
        raise BadSetting(name, f"{value!r} is not an ISO 8601 duration such as PT24H.")
    return timedelta(**parts)


def words(name: str, default: str = "", environ: Mapping[str, str] = os.environ) -> list[str]:
    """Words with commas between them."""
    return [word.strip() for word in text(name, default, environ).split(",") if word.strip()]


def address(name: str, default: str, environ: Mapping[str, str] = os.environ) -> str:
    """A whole http or https address without query. Empty when unset and without a default."""
    value = text(name, default, environ)
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise BadSetting(name, f"{value!r} is no address such as https://provider.example.com/gateway.")
    return value


def path(name: str, default: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """A folder or file, made absolute."""
    value = text(name, "", environ)
    return Path(value).expanduser().absolute() if value else default


def keys(name: str, environ: Mapping[str, str] = os.environ) -> dict[int, bytes]:
    """A key ring `1:BASE64,2:BASE64`: key id (1–255) to 32 bytes. Empty when unset."""
    ring: dict[int, bytes] = {}
    for item in words(name, "", environ):
        number, _, encoded = item.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= 255 or len(key) != 32:
            # The value itself is a secret, so the message shows none of it.
            raise BadSetting(name, "each key reads ID:BASE64, the ID from 1 to 255 and the key 32 bytes long.")
        if int(number) in ring:
            raise BadSetting(name, f"key {number} stands there twice.")
        ring[int(number)] = key
    return ring

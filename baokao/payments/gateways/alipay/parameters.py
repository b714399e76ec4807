"""Parameters as Alipay sends them in a query or a form: read from the raw bytes, so that the signature is asked over
everything that was received, and over nothing else (proof b4)."""

import re
from urllib.parse import unquote_to_bytes

MOST_BYTES = 64 * 1024
MOST_FIELDS = 100
_NAME = re.compile(r"[A-Za-z0-9_]+")
_ESCAPES = re.compile(rb"(?:[^%]|%[0-9A-Fa-f]{2})*", re.DOTALL)
# The signed text has no quotation: `a=1&b=2` is the text of two fields, and of a field `a` that holds `1&b=2`. Who
# holds a genuine message could so hide one of its fields within another, a refund's mark for instance.
_FIELD_WITHIN = re.compile(r"&[A-Za-z0-9_]*=")


class Malformed(Exception):
    """Not parameters of the one form in which Alipay sends them; the message says why, in English."""


def read(raw: bytes) -> dict[str, str]:
    """The parameters, decoded once. `Malformed` when the message is too long or not UTF-8, when a name stands twice,
    when an escape is broken, or when a value could be read as further fields."""
    if len(raw) > MOST_BYTES:
        raise Malformed(f"longer than {MOST_BYTES} bytes")
    pieces = raw.split(b"&")
    if len(pieces) > MOST_FIELDS:
        raise Malformed(f"more than {MOST_FIELDS} fields")
    found: dict[str, str] = {}
    for piece in pieces:
        name, equals, value = piece.partition(b"=")
        if not equals:
            raise Malformed("a field without a value")
        key = _decoded(name)
        if not _NAME.fullmatch(key):
            raise Malformed("a name that is none")
        if key in found:
            raise Malformed(f"{key} stands there twice")
        found[key] = _decoded(value)
        if _FIELD_WITHIN.search(found[key]):
            raise Malformed(f"{key} holds what could be another field")
    return found


def _decoded(raw: bytes) -> str:
    if not _ESCAPES.fullmatch(raw):
        raise Malformed("a broken escape")
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as failed:
        raise Malformed("not UTF-8") from failed

"""Parameters as PayEase sends them, read from the raw bytes.

The bank's name and the result's text are Chinese, in GBK or UTF-8, and which bytes of them went into a digest differs
between the operator's systems. A web framework's decoded parameters would have lost those bytes.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_to_bytes

MOST_BYTES = 16 * 1024
MOST_FIELDS = 50
_NAME = re.compile(rb"[A-Za-z0-9_]{1,40}")
_ESCAPES = re.compile(rb"(?:[^%]|%[0-9A-Fa-f]{2})*", re.DOTALL)
_PLAIN = re.compile(rb"[\x21-\x7e]*")


class Malformed(Exception):
    """Not parameters of the form in which PayEase sends them; the message says why, in English."""


@dataclass(frozen=True)
class Value:
    """A value as it came, `raw`, and decoded once, `plain`."""

    raw: bytes
    plain: bytes

    def spellings(self) -> tuple[bytes, bytes, bytes, bytes]:
        """What may have gone into a digest for this value: the bytes, the bytes decoded once more, the text as it was
        encoded on the wire, and the text encoded anew from UTF-8 as Java does."""
        # Java leaves the star and encodes the tilde; quote_plus does the reverse of both.
        anew = quote_plus(self.text(), safe="*").replace("~", "%7E")
        return self.plain, _decoded(self.plain), self.raw, anew.encode("ascii")

    def text(self) -> str:
        """For people's eyes: no decision may depend on it."""
        for charset in ("utf-8", "gb18030"):
            try:
                return self.plain.decode(charset)
            except UnicodeDecodeError:
                continue
        return self.plain.decode("gb18030", "replace")


def read(raw: bytes) -> dict[str, Value]:
    """The parameters by name. `Malformed` when the message is too long, when a name stands twice, or when an escape is
    broken."""
    if len(raw) > MOST_BYTES:
        raise Malformed(f"longer than {MOST_BYTES} bytes")
    pieces = raw.split(b"&")
    if len(pieces) > MOST_FIELDS:
        raise Malformed(f"more than {MOST_FIELDS} fields")
    found: dict[str, Value] = {}
    for piece in pieces:
        name, equals, value = piece.partition(b"=")
        if not equals or not _NAME.fullmatch(name):
            raise Malformed("a field without a name or a value")
        if name.decode() in found:
            raise Malformed(f"{name.decode()} stands there twice")
        if not _ESCAPES.fullmatch(value):
            raise Malformed("a broken escape")
        found[name.decode()] = Value(value, _decoded(value))
    return found


def plain(told: dict[str, Value], name: str) -> str:
    """A field of ASCII without blanks. `Malformed` when it is missing or something else."""
    if name not in told:
        raise Malformed(f"{name} is missing")
    if not _PLAIN.fullmatch(told[name].plain):
        raise Malformed(f"{name} is no plain text")
    return told[name].plain.decode("ascii")


def _decoded(raw: bytes) -> bytes:
    return unquote_to_bytes(raw.replace(b"+", b" "))

"""What goes out, as exact bytes: fields of a return or a notification as a query, answers as XML."""

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from baokao.sandbox.provider.payease.digests import CHINESE, percent

# Letters that no document may hold, not even escaped; a call's own fields are echoed whatever they are.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
JOINT = "|_|"
SUCCESS = "Success"
# What a refusal says; its number is its place. Only the texts are known, the numbers are the sandbox's own.
TEXTS = (
    "Invalid order number", "Invalid refund money", "Refund money exceed order limit", "Fingerprint invalid",
    "Invalid operator", "Invalid operation permit", "Invalid merchant",
    "The service for this merchant is unavailable", "Invalid request", "System error",
)  # fmt: skip
(
    NO_ORDER, NO_MONEY, BEYOND_LIMIT, NO_FINGERPRINT, NO_OPERATOR, NO_PERMIT, NO_MERCHANT, NO_SERVICE, NO_REQUEST,
    SYSTEM_ERROR,
) = TEXTS  # fmt: skip


class Refused(Exception):
    """A server's call that is refused, in one of the operator's texts."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.status = TEXTS.index(text) + 1
        self.statusdesc = f"({self.status}){text}"


class Unpayable(Exception):
    """A browser's order that is refused: the field that is wrong, and what the payer reads."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field)
        self.field, self.reason = field, reason


def query(fields: Mapping[str, str], variant: str) -> str:
    """The fields as a query or a form's body; Chinese in the charset of the variant."""
    charset = CHINESE if variant == "A" else "utf-8"
    return "&".join(f"{name}={percent(value, charset)}" for name, value in fields.items())


def flat(root: str, fields: Mapping[str, str]) -> str:
    """A document of fields alone."""
    return f"<{root}>{_elements(fields)}</{root}>"


def listing(root: str, head: Mapping[str, str], row: str, rows: Iterable[Mapping[str, str]]) -> str:
    """A document with a head and any number of rows."""
    body = "".join(f"<{row}>{_elements(fields)}</{row}>" for fields in rows)
    return f"<{root}><messagehead>{_elements(head)}</messagehead><messagebody>{body}</messagebody></{root}>"


def document(text: str, charset: str) -> bytes:
    """The document's bytes with its declaration; `GB2312` is written as its superset."""
    encoding = CHINESE if charset == "GB2312" else charset
    return f'<?xml version="1.0" encoding="{charset}"?>{text}'.encode(encoding)


def _elements(fields: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(_NOT_XML.sub('', value))}</{name}>" for name, value in fields.items())

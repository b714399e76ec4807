"""How a mail is written: one text template, and its HTML made from the very text, so that the two can't differ.

`<app>/mail/<name>.txt` begins with `Subject: …`; below it stand paragraphs, with an empty line between two. In a
paragraph a line that begins with `· ` is an item of a list, and a line that is an address of this site, with or without
words and `：` before it, is a link. `way(what, path)` writes the lines for a page of the site, at both base addresses.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings

SUBJECT = "Subject: "
_ITEM = "· "
_NETWORKS = ("教育网用户", "非教育网用户")
OTHERWISE = "如第一条链接无法打开，可点击第二条。"


@dataclass(frozen=True)
class Link:
    """A line that leads to the site; `words` may be empty."""

    words: str
    address: str


@dataclass(frozen=True)
class Item:
    """A line of a list."""

    words: str


Line = str | Link | Item


def split(text: str) -> tuple[str, str]:
    """Subject and body of a rendered template. `ValueError` when it doesn't begin with a subject."""
    first, _, body = text.partition("\n")
    if not first.startswith(SUBJECT):
        raise ValueError("its first line is no subject")
    return first.removeprefix(SUBJECT).strip(), body.strip("\n") + "\n"


def paragraphs(body: str) -> list[list[Line]]:
    """The body's paragraphs, each a list of lines."""
    blocks = [block.split("\n") for block in re.split(r"\n{2,}", body.strip("\n"))]
    return [[_line(line) for line in block] for block in blocks]


def way(what: str, path: str) -> str:
    """The lines that lead to a page of the site."""
    return ways(what, [f"{base}{path}" for base in settings.BASE_URLS])


def ways(what: str, addresses: list[str]) -> str:
    """The lines for a page's addresses: the education network's first, then the public one (rule A5)."""
    if len(addresses) < 2:
        return "\n".join(f"{what}：{address}" for address in addresses)
    lines = [f"{network}：{address}" for network, address in zip(_NETWORKS, addresses, strict=False)]
    return "\n".join([f"{what}：", *lines, OTHERWISE])


def flat(value: Any) -> Any:
    """A context without line breaks and control characters: what people typed adds no line and no header (proof d6)."""
    if isinstance(value, str):
        return "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in value)
    if isinstance(value, dict):
        return {key: flat(inner) for key, inner in value.items()}
    return [flat(inner) for inner in value] if isinstance(value, list | tuple) else value


def _line(line: str) -> Line:
    if line.startswith(_ITEM):
        return Item(line.removeprefix(_ITEM))
    words, colon, address = line.partition("：") if "：http" in line else ("", "", line)
    # Only the site's own addresses: whatever else stands in a name is words.
    if any(address == base or address.startswith(f"{base}/") for base in settings.BASE_URLS):
        return Link(words + colon, address)
    return line

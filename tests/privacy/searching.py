"""Searching much text for many secrets, each in every form in which it may have slipped out."""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

# No form is shorter: by their first letters the forms are looked up, so that a text is read once for all of them.
_HEAD = 8


@dataclass(frozen=True)
class Found:
    """A secret where it must not be."""

    where: str
    what: str
    form: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} in the form {self.form}"


class Searcher:
    """`secrets` are pairs of what it is (`ID number`) and the text itself."""

    def __init__(self, secrets: Iterable[tuple[str, str]]) -> None:
        self._forms: dict[bytes, list[tuple[bytes, str, str]]] = defaultdict(list)
        for what, text in secrets:
            for form, needle in forms(text).items():
                self._forms[needle[:_HEAD]].append((needle, what, form))

    def search(self, where: str, text: bytes | str) -> Iterator[Found]:
        """Every secret in this text, once a place."""
        data = text.encode() if isinstance(text, str) else text
        heads = self._forms
        for place in range(len(data) - _HEAD + 1):
            head = data[place : place + _HEAD]
            if head in heads:
                for needle, what, form in heads[head]:
                    if data.startswith(needle, place):
                        yield Found(where, what, form)


def forms(text: str) -> dict[str, bytes]:
    """The forms of a text by their names; those that are alike appear once."""
    plain = text.encode()
    found = {"plain": plain, "small": text.lower().encode(), "large": text.upper().encode()}
    found |= {"swapped": text.swapcase().encode(), "reversed": text[::-1].encode()}
    found |= {"hex": plain.hex().encode(), "HEX": plain.hex().upper().encode()}
    found |= {"quoted": quote(text, safe="").encode(), "JSON": json.dumps(text)[1:-1].encode()}
    found |= {"UTF-16": text.encode("utf-16-le"), "UTF-16 in hex": text.encode("utf-16-le").hex().encode()}
    found |= {f"small {name}": form for name, form in _encoded(text.lower().encode()).items()}
    found |= _encoded(plain)
    found |= _hashed(plain)
    seen: set[bytes] = set()
    return {name: form for name, form in found.items() if len(form) >= _HEAD and not (form in seen or seen.add(form))}


def _hashed(plain: bytes) -> dict[str, bytes]:
    """Hashes without a key, which anybody undoes who tries all numbers there are."""
    found = {}
    for name in ("md5", "sha1", "sha256", "sha512"):
        raw = hashlib.new(name, plain).digest()
        found |= {name: raw.hex().encode(), f"{name} in base64": base64.b64encode(raw).rstrip(b"=")}
        found |= {f"{name} large": raw.hex().upper().encode()}
    return found


def _encoded(plain: bytes) -> dict[str, bytes]:
    """Base64 and its sister for addresses, wherever in the encoded text the secret begins."""
    found = {}
    for shift in range(3):
        # The first and the last letters of it hang on the neighbours.
        inner = base64.b64encode(bytes(shift) + plain)[-(-shift * 8 // 6) :].rstrip(b"=")[:-1]
        found[f"base64 at {shift}"] = inner
        found[f"base64url at {shift}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
    return found

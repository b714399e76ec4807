"""What comes in and what goes out, as values; how an answer goes wrong on its way is one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl

Pairs = tuple[tuple[str, str], ...]
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """A request, decoded once, as UTF-8. `form` is empty unless the body was a form."""

    method: str
    path: str
    query: Pairs = ()
    form: Pairs = ()
    body: bytes = b""
    raw_query: str = ""

    @property
    def pairs(self) -> Pairs:
        """The union of query and body; a name may stand in it twice."""
        return self.query + self.form

    def decoded(self, charset: str) -> Pairs:
        """The union again, from what was received, in a charset of old. Raises `ValueError` for too many."""
        query = pairs(self.raw_query, charset) if self.raw_query else self.query
        return query + (pairs(self.body.decode("latin-1"), charset) if self.form else ())

    def one(self, name: str) -> str:
        """The first value of a form's field, empty if there is none."""
        return next((value for key, value in self.form if key == name), "")


@dataclass(frozen=True)
class Mishap:
    """What happens to an answer on its way: `drop` (the line ends without a byte), `half` (it ends in the middle),
    `late` (it comes after `seconds`)."""

    kind: Literal["drop", "half", "late"]
    seconds: float = 0.0


@dataclass(frozen=True)
class Answer:
    """An answer, and the mishap that befalls it if a test asked for one."""

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    mishap: Mishap | None = None


def redirect(address: str) -> Answer:
    """Lead the browser elsewhere."""
    return Answer(302, headers={"Location": address})


def pairs(text: str, charset: str = "utf-8") -> Pairs:
    """A query or a form as pairs in their order, blank values kept. Raises `ValueError` for too many."""
    return tuple(parse_qsl(text, keep_blank_values=True, max_num_fields=200, encoding=charset))

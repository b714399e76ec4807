"""What comes in and what goes out, as values; how an answer goes wrong on its way is one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Pairs = tuple[tuple[str, str], ...]
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """A request, decoded once. `form` is empty unless the body was a form."""

    method: str
    path: str
    query: Pairs = ()
    form: Pairs = ()
    body: bytes = b""

    @property
    def pairs(self) -> Pairs:
        """The union of query and body; a name may stand in it twice."""
        return self.query + self.form

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

"""Answers to our calls: XML in GB2312, read without anything that XML could do beyond elements and text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from baokao.payments.gateways.contract import Unknown

_ROWS = ("order", "refund")
_DEEPEST = 6


@dataclass(frozen=True)
class Answer:
    """What stands in the head, and the rows of the body: each a name and its text. Where the operator's systems differ
    is how they nest the head, so that is not looked at."""

    head: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]

    def require(self, **told: str) -> None:
        """`Unknown` unless the head says just this; so that it is about what we asked."""
        for name, value in told.items():
            if self.head.get(name) != value:
                raise Unknown(f"The provider's answer has another {name} than we asked about.")

    @property
    def trouble(self) -> str:
        """What an operator needs to look a refusal up; shortened, since anybody may have written it."""
        return f"{self.head.get('status', '')[:10]} {self.head.get('statusdesc', '')[:60]}"


def read(body: bytes, charset: str) -> Answer:
    """The answer. `Unknown` for what is no such XML, declares anything, or says a thing twice.

    Expat knows neither GB2312 nor GBK, so the bytes are decoded first. A broken letter in a bank's name is no reason to
    lose an answer: nothing depends on such text.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(_without_declaration(body.decode(charset, "replace")), True)
    except (expat.ExpatError, _Unreadable) as failed:
        raise Unknown("The provider's answer is no XML of the expected form.") from failed
    return Answer(reader.head, reader.rows)


class _Unreadable(Exception):
    """XML, and not of our kind."""


class _Reader:
    def __init__(self) -> None:
        self.head: dict[str, str] = {}
        self.rows: list[dict[str, str]] = []
        self._names: list[str] = []
        self._row: dict[str, str] | None = None
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._say
        # Entities could unfold to gigabytes, or read files; whoever declares a document type has no business here.
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._names.append(name)
        if len(self._names) > _DEEPEST or (name in _ROWS and self._row is not None):
            raise _Unreadable
        if name in _ROWS:
            self._row = {}
        self._text = []

    def _say(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._names.pop()
        if name in _ROWS and self._row is not None:
            self.rows.append(self._row)
            self._row = None
        elif self._text is not None:
            into = self.head if self._row is None else self._row
            if name in into:
                raise _Unreadable
            into[name] = "".join(self._text).strip()
        # What follows an element's end is between elements.
        self._text = None

    def _refuse(self, *_: object) -> None:
        raise _Unreadable


def _without_declaration(text: str) -> str:
    text = text.lstrip("\ufeff \t\r\n")
    return text.partition("?>")[2] if text.startswith("<?xml") else text

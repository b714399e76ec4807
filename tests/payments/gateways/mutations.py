"""Mutations of genuine messages (proof b4): bytes, fields, spellings, and parts of one message within another."""

from collections.abc import Callable, Sequence
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baokao.payments.gateways.contract import Rejected


class Mixtures:
    """Of messages that a provider really sent, and what an adapter reads in them: whatever a mixture tells, one of the
    genuine ones must have told."""

    def __init__(self, genuine: Sequence[bytes], read: Callable[[bytes], object]) -> None:
        self.genuine, self.read = genuine, read
        self.told = [read(body) for body in genuine]

    def tell_nothing_new(self, examples: int) -> None:
        """So many of them, none of which is believed beyond what was told; AssertionError for one that is."""

        @given(mutated(self.genuine))
        @settings(max_examples=examples, deadline=None)
        def each(body):
            self._tells_nothing_new(body)

        each()

    def are_believed(self) -> None:
        """The control: with the proof taken away one of a thousand is; the same thousand each time."""

        @given(mutated(self.genuine))
        @settings(max_examples=1000, deadline=None, database=None, derandomize=True)
        def each(body):
            self._tells_nothing_new(body)

        with pytest.raises(AssertionError):
            each()

    def _tells_nothing_new(self, body):
        found = self.read(body)
        assert isinstance(found, Rejected) or found in self.told


@st.composite
def mutated(draw, genuine: Sequence[bytes]) -> bytes:
    """One of the genuine messages after one to four mutations."""
    body = draw(st.sampled_from(genuine))
    for _ in range(draw(st.integers(1, 4))):
        body = draw(st.sampled_from(MUTATIONS))(draw, body, genuine)
    return body


def _byte(draw, body, genuine):
    """A byte changed, put in or taken out."""
    place, byte = draw(st.integers(0, len(body))), bytes([draw(st.integers(0, 255))])
    return body[:place] + draw(st.sampled_from((byte + body[place + 1 :], byte + body[place:], body[place + 1 :])))


def _anothers_value(draw, body, genuine):
    """What another genuine message says in a field of the same name."""
    pieces = body.split(b"&")
    place = draw(st.integers(0, len(pieces) - 1))
    name = pieces[place].partition(b"=")[0]
    same = [piece for piece in draw(st.sampled_from(genuine)).split(b"&") if piece.partition(b"=")[0] == name]
    return b"&".join([*pieces[:place], *(same or [pieces[place]])[:1], *pieces[place + 1 :]])


def _anothers_field(draw, body, genuine):
    """A field of a genuine message put beside the others, so that it may stand there twice."""
    pieces = body.split(b"&")
    place = draw(st.integers(0, len(pieces)))
    return b"&".join(
        [*pieces[:place], draw(st.sampled_from(draw(st.sampled_from(genuine)).split(b"&"))), *pieces[place:]]
    )


def _without_a_field(draw, body, genuine):
    pieces = body.split(b"&")
    del pieces[draw(st.integers(0, len(pieces) - 1))]
    return b"&".join(pieces)


def _another_order(draw, body, genuine):
    return b"&".join(draw(st.permutations(body.split(b"&"))))


def _respelled(draw, body, genuine):
    """A value with every letter as an escape, with none, with escapes of escapes, or in other letters."""
    pieces = body.split(b"&")
    place = draw(st.integers(0, len(pieces) - 1))
    name, _, value = pieces[place].partition(b"=")
    plain = unquote_to_bytes(value.replace(b"+", b" "))
    spelled = (
        "".join(f"%{byte:02x}" for byte in plain).encode(), plain, quote_from_bytes(value, safe="").encode(),
        value.lower(), value.upper(), value + b"%00", b"%20" + value,
    )  # fmt: skip
    return b"&".join([*pieces[:place], name + b"=" + draw(st.sampled_from(spelled)), *pieces[place + 1 :]])


def _two_joined(draw, body, genuine):
    """The border between two fields moved: one's value has swallowed the other."""
    borders = [place for place, byte in enumerate(body) if byte == ord("&")]
    if not borders:
        return body
    place = draw(st.sampled_from(borders))
    return body[:place] + draw(st.sampled_from((b"%26", b";", b""))) + body[place + 1 :]


def _cut(draw, body, genuine):
    return body[: draw(st.integers(0, len(body)))]


MUTATIONS = (
    _byte, _anothers_value, _anothers_value, _anothers_field, _without_a_field, _another_order, _respelled,
    _two_joined, _cut,
)  # fmt: skip

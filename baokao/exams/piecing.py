"""Pure rules of who sets a window: what is wrong with its pieces, and what is left of them within what stands above
(rule C13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from baokao.core.verdict import Refused
from baokao.exams.rules import SETTERS, Person, Piece, Span, window

MOST_PIECES = 12
_NEEDS_VALUE = {
    "grade": "请填写年级，如 2023，须与学籍中的年级一致。",
    "degree": "请填写学历，如 本科，须与学籍中的学历一致。",
}


def faults(pieces: Sequence[Piece]) -> list[Refused]:
    """What keeps these pieces from being one setter's window; `about` is `opens_0`, `closes_0`, `pay_until_0` or
    `value_0` of the piece in question, counted from 0."""
    found = []
    if len(pieces) > MOST_PIECES:
        found.append(Refused("too_many_pieces", f"最多可设 {MOST_PIECES} 段开放时间。", "请合并相邻的时段。"))
    for n, piece in enumerate(pieces):
        if piece.closes_at <= piece.opens_at:
            found.append(_refused("closes_first", n, "截止时间须晚于开放时间。", "closes"))
        elif piece.pay_until < piece.closes_at:
            found.append(_refused("unpayable", n, "缴费截止不能早于截止时间。", "pay_until"))
        if piece.group in _NEEDS_VALUE and not piece.group_value:
            found.append(_refused("no_value", n, _NEEDS_VALUE[piece.group], "value"))
    for (m, one), (n, other) in combinations(enumerate(pieces), 2):
        same = (one.group, one.group_value) == (other.group, other.group_value)
        if same and one.opens_at < other.closes_at and other.opens_at < one.closes_at:
            found.append(_refused("overlaps", n, f"与第 {m + 1} 段的时间重叠。", "opens"))
    return found


@dataclass(frozen=True)
class Audience:
    """Candidates whom a window doesn't tell apart: what to call them, and one of them."""

    label: str
    person: Person


def audiences(pieces: Iterable[Piece], school: str, kind: str) -> list[Audience]:
    """Everybody whom the pieces tell apart at an offering of that school; those of other schools take only speaking
    tests there (rules C1, C8)."""
    pieces = list(pieces)
    grades, degrees = (
        ["", *sorted({piece.group_value for piece in pieces if piece.group == group})] for group in ("grade", "degree")
    )
    found = []
    for grade, degree in product(grades, degrees):
        parts = [f"{grade}级" if grade.isdigit() else grade, degree]
        label = " ".join(part for part in parts if part)
        found.append(Audience(f"本校 {label}" if label else "本校", Person(school, grade, degree)))
    if len(found) > 1:
        found[0] = Audience("本校其他考生", found[0].person)
    elif found and kind == "written":
        found = [Audience("全部考生", found[0].person)]
    if kind == "speaking":
        found.append(Audience("外校", Person("")))
    return found


@dataclass(frozen=True)
class Effect:
    """What holds in the end for some candidates; `spans` empty where nothing is ever open for them."""

    audience: Audience
    spans: tuple[Span, ...]


def effects(pieces: Sequence[Piece], school: str, kind: str) -> list[Effect]:
    """The window of everybody whom the pieces of all setters tell apart; one effect where it is all the same."""
    found = [
        Effect(audience, tuple(window(pieces, audience.person, school))) for audience in audiences(pieces, school, kind)
    ]
    if len({effect.spans for effect in found}) == 1:
        return [Effect(Audience("全部考生", found[0].audience.person), found[0].spans)]
    return found


@dataclass(frozen=True)
class Cut:
    """A piece that reaches outside what stands above: for whom, and what is left of it, perhaps nothing."""

    number: int
    audience: Audience
    spans: tuple[Span, ...]


def cuts(own: Sequence[Piece], above: Sequence[Piece], school: str, kind: str) -> list[Cut]:
    """Where one setter's pieces reach outside what those above set: nobody opens there, and the page warns (rule C13).

    For each piece one cut for all whom it is for, or one for each of those that what stands above tells apart.
    """
    found = []
    everybody = audiences([*own, *above], school, kind)
    for number, piece in enumerate(own, start=1):
        concerned = [one for one in everybody if piece.is_for(one.person, school)]
        left = [(one, tuple(window([*above, piece], one.person, school))) for one in concerned]
        if left and len({spans for _, spans in left}) == 1:
            left = [(Audience("", left[0][0].person), left[0][1])]
        found += [Cut(number, one, spans) for one, spans in left if not _covers(spans, piece)]
    return found


def above(pieces: Iterable[Piece], setter: str) -> list[Piece]:
    """The pieces of those who stand above this setter."""
    higher = SETTERS[: SETTERS.index(setter)]
    return [piece for piece in pieces if piece.setter in higher]


def _covers(spans: Iterable[Span], piece: Piece) -> bool:
    """Whether the spans, taken together, leave nothing of the piece out, its pay-until included."""
    reached = payable = piece.opens_at
    for span in sorted(spans):
        if span.opens_at > reached:
            return False
        reached, payable = max(reached, span.closes_at), max(payable, span.pay_until)
    return reached >= piece.closes_at and payable >= piece.pay_until


def _refused(code: str, number: int, message: str, field: str) -> Refused:
    return Refused(code, f"第 {number + 1} 段：{message}", about=f"{field}_{number}", beside=message)

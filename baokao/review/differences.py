"""Two texts side by side, what differs marked character by character; pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Part:
    """A run of characters that both have, or that differ."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Compared:
    """Both texts in parts, and how many characters differ: 0 when they are the same."""

    ours: tuple[Part, ...]
    theirs: tuple[Part, ...]
    count: int

    @property
    def same(self) -> bool:
        return self.count == 0


def compare(ours: str, theirs: str) -> Compared:
    """Texts of one length are compared place by place, as numbers are read; others by their longest common runs."""
    if len(ours) == len(theirs):
        steps = [(one != other, one, other) for one, other in zip(ours, theirs, strict=True)]
    else:
        matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
        steps = [(tag != "equal", ours[a:b], theirs[c:d]) for tag, a, b, c, d in matcher.get_opcodes()]
    count = sum(max(len(one), len(other)) for differs, one, other in steps if differs)
    return Compared(
        _joined([(differs, one) for differs, one, _ in steps]),
        _joined([(differs, other) for differs, _, other in steps]),
        count,
    )


def _joined(steps: list[tuple[bool, str]]) -> tuple[Part, ...]:
    """Neighbours of a kind as one part, empty ones left out."""
    parts: list[Part] = []
    for differs, text in steps:
        if parts and parts[-1].differs == differs:
            parts[-1] = Part(parts[-1].text + text, differs)
        elif text:
            parts.append(Part(text, differs))
    return tuple(parts)

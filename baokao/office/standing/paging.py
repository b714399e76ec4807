"""Classes as a list with search, filters, orders and pages (rule G5), of counts that were read already."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from baokao.office.listing import SIZE, Listing, Shown
from baokao.office.standing.groups import CLASS, Count, class_label


@dataclass(frozen=True)
class _Named:
    """A filter or an order by its word in the address."""

    key: str
    label: str
    of: Callable[[Count], Any]


_CHIPS = (
    _Named("", "全部班级", lambda one: True),
    _Named("open", "有未完成的", lambda one: one.students > one.complete),
    _Named("done", "全部完成", lambda one: one.students == one.complete),
)
_SORTS = (
    _Named("", "按院系班级", lambda one: one.key),
    _Named("missing", "按未报名从多到少", lambda one: (-one.missing, one.key)),
    _Named("unpaid", "按未付清从多到少", lambda one: (-one.open, one.key)),
)


class Classes(Listing[Any]):
    """A page of classes as the address's query asks for it: a `Listing` of counts instead of a query's rows."""

    def __init__(self, asked: QueryDict, counts: Sequence[Count]) -> None:
        self._read(asked, SIZE)
        self.sorts = list(_SORTS)  # type: ignore[arg-type]
        self.chip: Any = next((one for one in _CHIPS if one.key == asked.get("f", "")), _CHIPS[0])
        self.sort: Any = next((one for one in _SORTS if one.key == asked.get("sort", "")), _SORTS[0])
        words = self.q.split()
        self._classes = [one for one in counts if all(word in class_label(one.key) for word in words)]

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {chip.key: sum(map(bool, map(chip.of, self._classes))) for chip in _CHIPS}

    @property
    def kept(self) -> Any:
        """All that the search and the chip keep, in order."""
        return sorted(filter(self.chip.of, self._classes), key=self.sort.of)

    @property
    def chips(self) -> list[Shown]:
        return [Shown(one.label, self._counts[one.key], self.href(f=one.key), one == self.chip) for one in _CHIPS]

    @cached_property
    def labelled(self) -> list[tuple[str, str, Count]]:
        """The page's rows: what names the class in a form, what it is called, and how it stands."""
        return [(named(one.key), class_label(one.key), one) for one in self.rows]


def named(key: Sequence[str]) -> str:
    """A class as a form names it."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def key_of(text: str) -> tuple[str, ...] | None:
    """The class that a form names; None for anything else."""
    try:
        key = json.loads(text)
    except (ValueError, RecursionError):
        return None
    sound = isinstance(key, list) and len(key) == len(CLASS) and all(map(_is_text, key))
    return tuple(key) if sound else None


def _is_text(part: object) -> bool:
    """Whether it is a text that the database can hold: JSON can say NULs and halves of characters."""
    return isinstance(part, str) and "\0" not in part and not any("\ud800" <= letter <= "\udfff" for letter in part)

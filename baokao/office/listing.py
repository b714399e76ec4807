"""Lists with search, filter, sort and pages (rule G5): one query for the counts, one for the page's rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Model, Q, QuerySet
from django.http import QueryDict

from baokao.office.asked import count

Row = TypeVar("Row", bound=Model)
Search = Callable[[QuerySet[Any], str], QuerySet[Any]]
SIZE = 50
_LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Chip:
    """A filter: its word in the address, its label, and which rows it keeps."""

    key: str
    label: str
    keeps: Q


@dataclass(frozen=True)
class Sort:
    """An order: its word in the address, its label, and the fields. End the fields with one that is unique."""

    key: str
    label: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A chip as the page shows it."""

    label: str
    count: int
    href: str
    here: bool


class Listing(Generic[Row]):
    """A page of rows as the address's query asks for it.

    `asked` is `request.GET`: `q` the search, `f` a chip's key, `sort` a sort's key, `page` from 1. What it names that
    there isn't is as if it were absent. `search` narrows the rows to a text. The first chip is the default and keeps
    what it says; begin with `Chip("", "全部", Q())` to show all.
    """

    def __init__(
        self,
        asked: QueryDict,
        rows: QuerySet[Row],
        *,
        search: Search,
        chips: Sequence[Chip],
        sorts: Sequence[Sort],
        size: int = SIZE,
    ) -> None:
        self._read(asked, size)
        self._chips = {chip.key: chip for chip in chips}
        self.chip = self._chips.get(asked.get("f", ""), chips[0])
        self.sorts = list(sorts)
        self.sort = next((one for one in sorts if one.key == asked.get("sort")), sorts[0])
        self._found = search(rows, self.q) if self.q else rows

    def _read(self, asked: QueryDict, size: int) -> None:
        self.q = " ".join(asked.get("q", "").replace("\0", "").split())[:_LONGEST_SEARCH]
        self._asked_page = count(asked.get("page", "")) or 1
        self.size = size

    @cached_property
    def _counts(self) -> dict[str, int]:
        counts = {f"c{number}": Count("pk", filter=chip.keeps) for number, chip in enumerate(self._chips.values())}
        told = self._found.order_by().aggregate(**counts)
        return {key: told[f"c{number}"] for number, key in enumerate(self._chips)}

    @property
    def total(self) -> int:
        """How many rows the search and the chip keep."""
        return self._counts[self.chip.key]

    @property
    def pages(self) -> int:
        """How many pages they fill, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def page(self) -> int:
        """The page shown, from 1; what is past the end is the last."""
        return min(self._asked_page, self.pages)

    @property
    def kept(self) -> QuerySet[Row]:
        """All rows that the search and the chip keep, in order: what an export takes."""
        return self._found.filter(self.chip.keeps).order_by(*self.sort.fields)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the page."""
        start = (self.page - 1) * self.size
        return list(self.kept[start : start + self.size])

    @property
    def chips(self) -> list[Shown]:
        """The chips with their counts and addresses."""
        return [
            Shown(chip.label, self._counts[key], self.href(f=key), key == self.chip.key)
            for key, chip in self._chips.items()
        ]

    def href(self, **changed: str | int) -> str:
        """The query of the same list with something else: a chip, a page, a sort."""
        asked: dict[str, str | int] = {"q": self.q, "f": self.chip.key, "sort": self.sort.key, **changed}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers for the pager: the first, the last and those near; None for a gap."""
        near = sorted({1, self.pages, *range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)})
        found: list[int | None] = []
        for before, number in zip([0, *near], near, strict=False):
            if before and number - before > 1:
                found.append(None)
            found.append(number)
        return found

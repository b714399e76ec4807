"""Finding a file's columns by their headers, in whatever order they stand."""

from collections import Counter
from collections.abc import Callable, Sequence
from operator import itemgetter

from baokao.core.sheets.findings import Findings, UnreadableFile

COLUMNS_AT_MOST = 300


class Columns:
    """The columns of one kind of file. `pick(cells)` gives the wanted cells of a row in the order of `names`."""

    def __init__(self, header: Sequence[str], required: Sequence[str], optional: Sequence[str], findings: Findings):
        """Match the header row; unknown columns are warned of and left out.

        `UnreadableFile` names every column that is missing or stands twice."""
        self.names = [*required, *optional]
        found = [_plain(text) for text in header]
        while found and not found[-1]:
            found.pop()
        self.width = len(found)
        if self.width > COLUMNS_AT_MOST:
            raise UnreadableFile(f"表格的列数过多（{self.width} 列）。")
        known = {_plain(name): name for name in self.names}
        doubled = [known.get(name, name) for name, times in Counter(filter(None, found)).items() if times > 1]
        missing = [name for name in required if _plain(name) not in found]
        if doubled:
            raise UnreadableFile("表头中重复的列：" + "、".join(doubled) + "。")
        if missing:
            raise UnreadableFile("表头（第 1 行）中缺少的列：" + "、".join(missing) + "。")
        for text, name in zip(header, found, strict=False):
            if name and name not in known:
                findings.warn(1, text.strip()[:40], "未知的列，已忽略")
        self.pick = self._picker([found.index(_plain(name)) if _plain(name) in found else -1 for name in self.names])

    def _picker(self, places: list[int]) -> Callable[[list[str]], Sequence[str]]:
        """A column that the file lacks is read from an empty cell that every row gets past its end."""
        width = self.width
        pick = itemgetter(*(place if place >= 0 else width for place in places))

        def cells_of(cells: list[str]) -> Sequence[str]:
            if len(cells) != width:
                cells = cells[:width] + [""] * (width - len(cells))
            return pick([*cells, ""])

        return cells_of

    def too_wide(self, cells: list[str]) -> bool:
        """Whether a row has something beyond the last header: a comma too many, and everything is shifted."""
        return len(cells) > self.width and any(cell.strip() for cell in cells[self.width :])


def _plain(text: str) -> str:
    """A header without what people put around it: spaces, a byte-order mark, an asterisk for 必填, a bracketed hint."""
    name = "".join(text.split()).replace("\ufeff", "").strip("*＊")
    return name.split("（")[0].split("(")[0]

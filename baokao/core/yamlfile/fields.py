"""The keys of a mapping taken one by one, every fault noted with its line and its path in the file."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from baokao.core.sheets.findings import Findings
from baokao.core.yamlfile.reading import Items, Node, Pairs, Scalar
from baokao.core.yamlfile.values import Convert, Unsuitable, quoted

T = TypeVar("T")
EMPTY = "未填写"


class Fields:
    """A mapping with known keys. Unknown keys and keys that stand twice are faults; what is absent stays absent."""

    def __init__(self, node: Node, path: str, known: Sequence[str], findings: Findings):
        self._path, self._findings, self._line = path, findings, node.line
        self._is_mapping = isinstance(node, Pairs)
        self._found_empty: set[str] = set()
        self._values: dict[str, tuple[Scalar, Node]] = {}
        for key, inner, value in entries(node, path, findings):
            if key.text in known:
                self._values[key.text] = (key, value)
            else:
                findings.fault(key.line, inner, _unknown(key.text, known))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def path(self, key: str) -> str:
        """Where a key stands in the file: `exams.written.day`."""
        return f"{self._path}.{key}" if self._path else key

    def fault(self, key: str, reason: str) -> None:
        """Note what is wrong with a key, or with its absence; nothing is absent from what is no mapping at all."""
        if not self._is_mapping:
            return
        line = self._values[key][0].line if key in self._values else self._line
        self._findings.fault(line, self.path(key), reason)

    def warn(self, key: str, reason: str) -> None:
        """Note what a person should look at."""
        line = self._values[key][0].line if key in self._values else self._line
        self._findings.warn(line, self.path(key), reason)

    def node(self, key: str) -> Node | None:
        """A key's value as it is; None where it is absent or empty, the latter being a fault once."""
        if key not in self._values:
            return None
        value = self._values[key][1]
        if isinstance(value, Scalar) and value.plain and not value.text:
            if key not in self._found_empty:
                self._found_empty.add(key)
                self.fault(key, f"{EMPTY}；不改动此项的请删去这个键")
            return None
        return value

    def need(self, key: str, convert: Convert[T]) -> T | None:
        """The value of a key that has to be there; None after a fault."""
        if key not in self._values:
            self.fault(key, EMPTY)
            return None
        return self.take(key, convert)

    def take(self, key: str, convert: Convert[T]) -> T | None:
        """The value of a key; None where it is absent and after a fault."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.fault(key, "应为一个值，不是列表或映射")
        elif node.is_null:
            self.fault(key, "不能为 null；不改动此项的请删去这个键")
        else:
            try:
                return convert(node.text)
            except Unsuitable as error:
                self.fault(key, str(error))
        return None

    def is_null(self, key: str) -> bool:
        """Whether the key says `null`: what is set is to be taken away."""
        value = self._values[key][1] if key in self._values else None
        return isinstance(value, Scalar) and value.is_null

    def columns(self, converters: Mapping[str, Convert[Any]], nullable: Sequence[str] = ()) -> dict[str, Any]:
        """The values of all keys that are there, sound and named among the converters; `null` is None if it may be."""
        found: dict[str, Any] = {}
        for key, convert in converters.items():
            if key in nullable and self.is_null(key):
                found[key] = None
            elif (value := self.take(key, convert)) is not None:
                found[key] = value
        return found

    def items(self, key: str) -> Iterator[tuple[str, Node]]:
        """The items of a list with their paths; nothing where it is absent."""
        node = self.node(key)
        if node is not None:
            yield from items(node, self.path(key), self._findings)

    def entries(self, key: str) -> Iterator[tuple[Scalar, str, Node]]:
        """The keys of an inner mapping, each with its path and value; nothing where it is absent."""
        node = self.node(key)
        if node is not None:
            yield from entries(node, self.path(key), self._findings)


def entries(node: Node, path: str, findings: Findings) -> Iterator[tuple[Scalar, str, Node]]:
    """Each key of a mapping once, with its path and value. A key that stands twice is a fault."""
    if not isinstance(node, Pairs):
        findings.fault(node.line, path, f"应为一组“键: 值”（冒号为半角，后面有空格），不是{_what(node)}")
        return
    seen: dict[str, int] = {}
    for key, value in node.pairs:
        name = " ".join(key.text.split())[:30]
        inner = f"{path}.{name}" if path else name
        if key.text in seen:
            findings.fault(key.line, inner, f"这个键重复，第 {seen[key.text]} 行已写过")
            continue
        seen[key.text] = key.line
        yield key, inner, value


def items(node: Node, path: str, findings: Findings) -> Iterator[tuple[str, Node]]:
    """The items of a list, each with its path, `windows[1]` for the first."""
    if not isinstance(node, Items):
        findings.fault(node.line, path, f"应为列表（每项以 - 开头，或写在 [ ] 里），不是{_what(node)}")
        return
    for number, item in enumerate(node.nodes, start=1):
        yield f"{path}[{number}]", item


def value(node: Node, path: str, convert: Convert[T], findings: Findings) -> T | None:
    """A value that stands by itself, in a list say; None after a fault."""
    if not isinstance(node, Scalar):
        findings.fault(node.line, path, "应为一个值，不是列表或映射")
        return None
    try:
        return convert(node.text)
    except Unsuitable as error:
        findings.fault(node.line, path, str(error))
    return None


def _what(node: Node) -> str:
    if isinstance(node, Items):
        return "列表"
    return "一组“键: 值”" if isinstance(node, Pairs) else f"一个值{quoted(node.text)}" if node.text else "空的"


def _unknown(key: str, known: Sequence[str]) -> str:
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    if near:
        return f"未知的键{quoted(key)}，是否想写 {near[0]}？"
    return f"未知的键{quoted(key)}，这里可以写：{'、'.join(known)}"

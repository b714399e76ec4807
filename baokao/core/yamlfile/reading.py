"""A file as a tree of nodes, each with its line. Events are taken one by one, so that a limit stops a file at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from baokao.core.sheets.findings import UnreadableFile
from baokao.core.yamlfile import trouble

BYTES_AT_MOST = 2 * 1024 * 1024
DEPTH_AT_MOST = 8
NODES_AT_MOST = 200_000
# libyaml's parser is twenty times as fast; where the package came without it, its own does the same.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What an escape in quotation marks may smuggle in and neither a page nor the database can keep.
_UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Scalar:
    """One value as it was typed. `plain` means without quotation marks."""

    line: int
    text: str
    plain: bool = True

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in ("null", "~")


@dataclass(frozen=True)
class Items:
    """A list."""

    line: int
    nodes: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Pairs:
    """Keys and values in the order of the file; a key may stand twice, which who reads it tells."""

    line: int
    pairs: list[tuple[Scalar, "Node"]] = field(default_factory=list)


Node = Scalar | Items | Pairs


def read(path: Path) -> Node:
    """The file's one document. `UnreadableFile` when it can't be taken at all, naming the line."""
    text = _text(path)
    try:
        return _tree(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise UnreadableFile(trouble.sentence(error, text)) from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(BYTES_AT_MOST + 1)
    except OSError as error:
        raise UnreadableFile(f"文件打不开：{error.strerror}。") from error
    if len(raw) > BYTES_AT_MOST:
        raise UnreadableFile(f"文件过大（多于 {BYTES_AT_MOST // 1024 // 1024} MB），请分成几个文件导入。")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"第 {line} 行：文件的文字编码不是 UTF-8，请另存为 UTF-8。") from error
    if found := _UNUSABLE.search(text.replace("\r\n", "\n")):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableFile(f"第 {line} 行：含有控制字符，文件不是文本或已损坏。")
    if not text.strip():
        raise UnreadableFile("文件是空的。")
    return text


def _tree(events: Iterator[Any]) -> Node:
    """Nodes put together from the parser's events; `open_` are the lists and mappings that have not ended yet."""
    open_: list[Items | Pairs] = []
    keys: list[Scalar | None] = []
    root: Node | None = None
    count = 0
    for event in events:
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            open_.pop()
            keys.pop()
            continue
        node = _node(event)
        if node is None:
            continue
        count += 1
        if count > NODES_AT_MOST:
            raise UnreadableFile(f"文件内容过多（多于 {NODES_AT_MOST} 个值），请分成几个文件导入。")
        if not open_:
            if root is not None:
                raise UnreadableFile(f"第 {node.line} 行：一个文件只能有一份内容，请去掉单独一行的 ---。")
            root = node
        else:
            _add(open_[-1], keys, node)
        if not isinstance(node, Scalar):
            open_.append(node)
            keys.append(None)
            if len(open_) > DEPTH_AT_MOST:
                raise UnreadableFile(f"第 {node.line} 行：嵌套过深（多于 {DEPTH_AT_MOST} 层）。")
    if root is None:
        raise UnreadableFile("文件是空的。")
    return root


def _add(parent: Items | Pairs, keys: list[Scalar | None], node: Node) -> None:
    if isinstance(parent, Items):
        parent.nodes.append(node)
        return
    key = keys[-1]
    if key is not None:
        parent.pairs.append((key, node))
        keys[-1] = None
    elif isinstance(node, Scalar):
        keys[-1] = node
    else:
        raise UnreadableFile(f"第 {node.line} 行：键应为一行文字，不能是列表或映射。")


def _node(event: Any) -> Node | None:
    """The node that an event begins, None for those that begin none."""
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise UnreadableFile(f"第 {line} 行：不支持锚点和引用（& 与 *）；以 & 或 * 开头的文字请加引号。")
    if getattr(event, "tag", None) is not None:
        raise UnreadableFile(f"第 {line} 行：不支持标签（!）；以 ! 开头的文字请加引号。")
    if isinstance(event, yaml.ScalarEvent):
        if _UNUSABLE.search(event.value):
            raise UnreadableFile(f"第 {line} 行：含有控制字符或无效的转义。")
        return Scalar(line, event.value, plain=event.style in (None, ""))
    if isinstance(event, yaml.MappingStartEvent):
        return Pairs(line)
    return Items(line) if isinstance(event, yaml.SequenceStartEvent) else None

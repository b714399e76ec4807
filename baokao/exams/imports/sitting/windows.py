"""Windows (rules C12, C13): who opens what, from when until when, until when it can be paid, for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from baokao.core.sheets import Findings
from baokao.core.yamlfile import Fields, Items, Node, Pairs, Unsuitable, value
from baokao.core.yamlfile.values import line, moment, one_of, quoted
from baokao.exams.imports.sitting.known import Known
from baokao.exams.rules import PAYABLE_AFTER_CLOSING

KINDS = {"written": "笔试", "speaking": "口试"}
_GROUPS = ("everyone", "own")
_VALUED = ("grade", "degree")
_BY = "by"
# A real window has a handful; each is compared with each other.
PIECES_AT_MOST = 100
_LENGTHS = {2: "province", 5: "school", 6: "campus"}


@dataclass(frozen=True, order=True)
class PieceSet:
    """One piece as the file has it."""

    opens_at: datetime
    closes_at: datetime
    pay_until: datetime
    group: str = "everyone"
    group_value: str = ""


@dataclass(frozen=True)
class Window:
    """All pieces that one setter sets for a kind, or for one subject of it. No piece: the setter sets none any more.

    `place` is the setter's code, empty for the national office.
    """

    setter: str
    place: str
    kind: str
    subject: str | None
    pieces: tuple[PieceSet, ...]

    @property
    def key(self) -> tuple[str, str, str, str | None]:
        """Whose pieces for what these are."""
        return self.setter, self.place, self.kind, self.subject

    @property
    def label(self) -> str:
        what = KINDS[self.kind] if self.subject is None else f"({self.subject})"
        return f"{self.place or '全国'} {what}"


def read(root: Fields, known: Known, offered: frozenset[str], findings: Findings) -> list[Window]:
    """Every window once: one for each of the subjects that a statement names."""
    found: dict[tuple[str, str, str, str | None], tuple[int, Window]] = {}
    for path, item in root.items("windows"):
        fields = Fields(item, path, (_BY, "kind", "subjects", "pieces"), findings)
        by = fields.need(_BY, lambda text: setter_of(text, known))
        targets = _targets(fields, known, offered, findings)
        if "pieces" not in fields:
            fields.fault("pieces", "未填写；要撤销已设的时间请写 []")
        pieces = _pieces(fields, findings)
        if by is None:
            continue
        for kind, subject in targets:
            window = Window(by[0], by[1], kind, subject, tuple(sorted(pieces)))
            if window.key in found:
                fields.fault(_BY, f"{window.label} 的时间在第 {found[window.key][0]} 行已写过，请写在一处")
            else:
                found[window.key] = item.line, window
    windows = [window for _, window in found.values()]
    national = [window for window in windows if window.setter == "national"]
    for number, window in found.values():
        for reason in doubts(window, national, beside_kind=(*window.key[:3], None) in found):
            findings.warn(number, "windows", f"{window.label}：{reason}")
    return windows


def doubts(window: Window, national: Sequence[Window], *, beside_kind: bool) -> list[str]:
    """What a person should look at: two statements of one setter that both hold, and pieces that the national window
    leaves nothing of, so that nobody could ever enter (rule C13)."""
    found = []
    if window.subject and window.pieces and beside_kind:
        found.append(f"同一设置者对{KINDS[window.kind]}整类另有时间，两者都有效")
    above = [
        piece
        for one in national
        if one.kind == window.kind and one.subject in (None, window.subject)
        for piece in one.pieces
    ]
    if above and window.pieces and not any(_meet(one, other) for one in window.pieces for other in above):
        found.append("与全国的开放时间没有重叠，考生将无法报考")
    return found


def _meet(one: PieceSet, other: PieceSet) -> bool:
    return one.opens_at < other.closes_at and other.opens_at < one.closes_at


def setter_of(text: str, known: Known) -> tuple[str, str]:
    """Setter and code: `national`, or the code of a province, a school or a campus, told apart by their lengths."""
    if text == "national":
        return "national", ""
    setter = _LENGTHS.get(len(text)) if text.isdecimal() and text.isascii() else None
    if setter is None:
        raise Unsuitable(f"应为 national，或 2 位省代码、5 位学校代码、6 位校区代码，不是{quoted(text)}")
    return setter, {"province": known.province, "school": known.school, "campus": known.campus}[setter](text)


def _targets(fields: Fields, known: Known, offered: frozenset[str], findings: Findings) -> list[tuple[str, str | None]]:
    """Kind and subject of what is opened: a whole kind, or single subjects."""
    if ("kind" in fields) == ("subjects" in fields):
        fields.fault("kind", "kind（整类）与 subjects（单个科目）须写且只写一个")
        return []
    if "kind" in fields:
        kind = fields.take("kind", one_of(KINDS))
        return [(kind, None)] if kind else []
    found: list[tuple[str, str | None]] = []
    for path, item in fields.items("subjects"):
        if subject := value(item, path, known.of_sitting(offered), findings):
            found.append((subject.kind, subject.code))
    if isinstance(node := fields.node("subjects"), Items) and not node.nodes:
        fields.fault("subjects", "列表是空的；整类开放的请改写 kind")
    return found


def _pieces(fields: Fields, findings: Findings) -> list[PieceSet]:
    found: list[tuple[int, PieceSet]] = []
    if isinstance(node := fields.node("pieces"), Items) and len(node.nodes) > PIECES_AT_MOST:
        fields.fault("pieces", f"至多 {PIECES_AT_MOST} 段")
        return []
    for path, item in fields.items("pieces"):
        piece = _piece(Fields(item, path, ("opens_at", "closes_at", "pay_until", "for"), findings), findings)
        if piece is None:
            continue
        for number, other in found:
            same = (other.group, other.group_value) == (piece.group, piece.group_value)
            if same and _meet(piece, other):
                findings.fault(item.line, path, f"与第 {number} 行的开放时间重叠")
        found.append((item.line, piece))
    return [piece for _, piece in found]


def _piece(fields: Fields, findings: Findings) -> PieceSet | None:
    before = findings.fault_count
    opens_at, closes_at = fields.need("opens_at", moment), fields.need("closes_at", moment)
    pay_until = fields.take("pay_until", moment)
    group, group_value = _group(fields, findings)
    if opens_at and closes_at and closes_at <= opens_at:
        fields.fault("closes_at", "不晚于开放时间")
    if closes_at and pay_until and pay_until < closes_at:
        fields.fault("pay_until", "早于截止时间")
    if findings.fault_count > before or opens_at is None or closes_at is None:
        return None
    return PieceSet(opens_at, closes_at, pay_until or closes_at + PAYABLE_AFTER_CLOSING, group, group_value)


def _group(fields: Fields, findings: Findings) -> tuple[str, str]:
    """`everyone` where nothing is said; `{grade: 04}` and `{degree: 本科}` are compared with the roster's own words."""
    node: Node | None = fields.node("for")
    if not isinstance(node, Pairs):
        return fields.take("for", _group_without_value) or "everyone", ""
    inner = Fields(node, fields.path("for"), _VALUED, findings)
    if sum(name in inner for name in _VALUED) != 1:
        fields.fault("for", "应为 grade（年级）或 degree（学历）之一；几个群体请分成几段")
        return "everyone", ""
    name = next(name for name in _VALUED if name in inner)
    return name, inner.take(name, line(20)) or ""


def _group_without_value(text: str) -> str:
    if text not in _GROUPS:
        choices = "everyone（全部）、own（本校）、{grade: 年级} 或 {degree: 学历}"
        raise Unsuitable(f"应为 {choices}，不是{quoted(text)}")
    return text

"""Spreadsheets that nobody should send (proof d1): each is made here, with what has to be said about it.

Small ones are made whole; a bomb is small and unfolds to gigabytes.
"""

import codecs
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import xlsxwriter

from tests.files import ROSTER, student

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>"
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_BOOK_RELS = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>'
)


@dataclass(frozen=True)
class Hostile:
    """A file, and words of what is said: of a refusal, or of a fault. None: it is sound after all."""

    name: str
    content: Callable[[], bytes]
    refused: str = ""
    fault: str = ""


def lines(*rows: dict[str, str], columns: list[str] = ROSTER) -> str:
    """Comma-separated text, without any care for what the cells hold."""
    return "\n".join([",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]) + "\n"


def book(sheet: Iterator[bytes] | bytes, **more: bytes) -> bytes:
    """An .xlsx around the XML of a sheet, which may come in pieces and be as long as one likes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELS, "xl/workbook.xml": _BOOK,
                 "xl/_rels/workbook.xml.rels": _BOOK_RELS}  # fmt: skip
        for name, text in parts.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for piece in [sheet] if isinstance(sheet, bytes) else sheet:
                part.write(piece)
        for name, content in more.items():
            archive.writestr(name, content)
    return out.getvalue()


def _sheet(rows: Iterator[bytes]) -> Iterator[bytes]:
    yield f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    yield from rows
    yield b"</sheetData></worksheet>"


def _zeros(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes):
        yield b'<row><c t="inlineStr"><is><t>' + b"0" * (1 << 20) + b"</t></is></c></row>"


def bomb(megabytes: int) -> bytes:
    """A sheet that unfolds to so many megabytes."""
    return book(_sheet(_zeros(megabytes)))


def lying_bomb() -> bytes:
    """A bomb whose directory says that it is small."""
    content = bomb(300)
    place = content.rfind(b"PK\x01\x02")
    patched = bytearray(content)
    while place >= 0:
        patched[place + 24 : place + 28] = (1000).to_bytes(4, "little")
        place = content.rfind(b"PK\x01\x02", 0, place)
    return bytes(patched)


def corner() -> bytes:
    """One cell at the far corner: a million rows of sixteen thousand columns, declared by seven letters."""
    return book(_sheet(iter([b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'])))


def million_columns() -> bytes:
    """A header of a million columns, in text."""
    return (",".join(f"c{number}" for number in range(1_000_000)) + "\n").encode()


def entities() -> bytes:
    """The billion laughs."""
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
    row = '<row><c t="inlineStr"><is><t>&e11;</t></is></c></row>'
    body = f'<worksheet xmlns="{_MAIN}"><sheetData>{row}</sheetData></worksheet>'
    return book(f"<?xml version='1.0'?><!DOCTYPE x [{names}]>{body}".encode())


def written(fill: Callable[[xlsxwriter.Workbook, object], None], columns: list[str] = ROSTER) -> bytes:
    """A workbook that is what it says, filled in by `fill`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, columns)
        fill(made, sheet)
    return out.getvalue()


def _row(sheet, number: int = 1, **changes: str) -> None:
    sheet.write_row(number, 0, [student(**changes)[name] for name in ROSTER])


def _formulas(made, sheet) -> None:
    """Formulas with and without a remembered value; none is ever computed."""
    _row(sheet)
    sheet.write_formula(1, ROSTER.index("姓名"), '=HYPERLINK("http://evil.invalid","x")', None, "颜明")
    sheet.write_formula(1, ROSTER.index("性别"), "=1+1", None, "")


def _merged(made, sheet) -> None:
    _row(sheet)
    _row(sheet, 2, 证件号码="H12345678", 证件类型="3")
    sheet.merge_range(1, 9, 2, 9, "化学学院")


CORPUS = (
    Hostile("empty.csv", lambda: b"", refused="文件是空的"),
    Hostile("picture.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, refused="不是有效的 .xlsx"),
    Hostile("picture.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 40, refused="不是表格"),
    Hostile("old.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, refused="旧式 .xls 或加密"),
    Hostile("page.csv", lambda: b"<html><script>alert(1)</script></html>", refused="缺少的列"),
    Hostile("archive.xlsx", lambda: _archive(), refused="不是有效的 .xlsx"),
    Hostile("cut.xlsx", lambda: written(_formulas)[:-200], refused="不是有效的 .xlsx"),
    Hostile("bomb.xlsx", lambda: bomb(420), refused="过大或已损坏"),
    Hostile("lying.xlsx", lying_bomb, refused="。"),
    Hostile("corner.xlsx", corner, refused="。"),
    Hostile("laughs.xlsx", entities, refused="。"),
    Hostile("columns.csv", million_columns, refused="过长"),
    Hostile("wider.csv", lambda: (",c" * 5_000 + "\n").encode(), refused="列数过多"),
    Hostile("line.csv", lambda: b"a" * 3_000_000, refused="过长"),
    Hostile("cell.csv", lambda: lines(student(备注='"' + "a" * 200_000 + '"')).encode(), refused="内容过长"),
    Hostile("quotes.csv", lambda: lines(student(备注='"open')).encode(), refused="引号不成对"),
    Hostile("nul.csv", lambda: lines(student(备注="a\0b")).encode(), refused="第 2 行含有空字符"),
    Hostile("utf16.csv", lambda: lines(student()).encode("utf-16"), refused="UTF-16"),
    Hostile("doubled.csv", lambda: lines(student(), columns=[*ROSTER, "姓名"]).encode(), refused="重复的列：姓名"),
    Hostile("headless.csv", lambda: lines(student(), columns=ROSTER[2:]).encode(), refused="缺少的列：证件类型、证件"),
    Hostile("mixed.csv", lambda: lines(student()).encode() + "颜".encode("gb18030") + b"\xff\n", refused="既不是"),
    Hostile("merged.xlsx", lambda: written(_merged), fault="合并的单元格"),
    Hostile("formulas.xlsx", lambda: written(_formulas), fault="性别"),
    Hostile("wide.csv", lambda: lines(student(限制原因=",,x")).encode(), fault="多于表头的列数"),
    Hostile("gb18030.csv", lambda: lines(student(姓名="𠮷㛃")).encode("gb18030")),
    Hostile("bom.csv", lambda: codecs.BOM_UTF8 + lines(student()).encode()),
    Hostile("macintosh.csv", lambda: lines(student()).replace("\n", "\r\n").encode()),
)  # fmt: skip


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    return out.getvalue()

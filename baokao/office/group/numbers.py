"""Student numbers as they are handed in: typed, pasted, or as a file with a column 学号."""

import re
import tempfile
from itertools import islice
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from baokao.core.sheets import Findings, UnreadableFile, open_sheet
from baokao.core.verdict import Refused, RefusedError
from baokao.payments import group_rules as rules

_APART = re.compile(r"[\s,，;；、]+")
_LONGEST = 40
# A number may stand in a file several times.
ROWS_AT_MOST = 10 * rules.MOST
NO_NUMBERS = Refused("no_numbers", "请填写学号，或选择一个有“学号”列的文件。", about="numbers")


def read(typed: str, file: UploadedFile | None) -> list[str]:
    """The numbers, each once, in order. Raises RefusedError: none, too many, or a file that can't be read."""
    found = dict.fromkeys(one[:_LONGEST] for one in _APART.split(typed.replace("\0", "")) if one)
    if file is not None:
        found |= dict.fromkeys(_from_file(file))
    if not found:
        raise RefusedError(NO_NUMBERS)
    if len(found) > rules.MOST:
        raise RefusedError(rules.TOO_MANY)
    return list(found)


def _from_file(file: UploadedFile) -> list[str]:
    findings = Findings()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "numbers" + Path(file.name or "").suffix[:6])
        path.write_bytes(b"".join(file.chunks()))
        try:
            with open_sheet(path, ["学号"], [], findings, lambda *_: None) as sheet:
                # A small file may unfold to a million rows: no more of it is read than could be wanted.
                read = islice(sheet.rows(), ROWS_AT_MOST + 1)
                cells = [cells if isinstance(cells, str) else cells[0] for _, cells in read]
        except UnreadableFile as unreadable:
            raise RefusedError(Refused("unreadable", str(unreadable), about="file")) from unreadable
    if len(cells) > ROWS_AT_MOST:
        raise RefusedError(rules.TOO_MANY)
    if not findings.sound:
        raise RefusedError(Refused("faulty", str(findings.sorted_faults()[0]), "请改正后重新上传。", about="file"))
    return [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]

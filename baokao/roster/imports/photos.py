"""照片导入: a ZIP of photos named by ID number, each for a student of the school (facts, Photos; rule G3)."""

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.db import connection

from baokao.core.archives import BROKEN, BadArchive, members
from baokao.core.sheets import Findings, Progress, UnreadableFile
from baokao.roster import pictures
from baokao.roster.imports.merging import RosterMoved
from baokao.roster.models import ImportLine, Photo, RosterImport, StudentRecord
from baokao.roster.rules import number_key

PHOTOS_AT_MOST = 20_000
_BATCH = 100
_UTF8 = 0x800
# What everybody's program makes. The others' decoders fail in ways of their own, or take what memory the file asks for.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What systems put into archives by themselves.
_NOT_MEANT = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")

_KEEP_BEFORE = """
INSERT INTO roster_recordchange (id, record_id, kind, photo_before, sitting_id, roster_import_id, at, by_name)
SELECT gen_random_uuid(), r.id, 'photo', p.jpeg, r.sitting_id, l.roster_import_id, %s, %s
FROM roster_importline l
JOIN roster_studentrecord r ON r.id = l.record_id AND r.removed_at IS NULL
LEFT JOIN roster_photo p ON p.record_id = r.id
WHERE l.roster_import_id = %s AND l.verdict IN ('added', 'changed') AND l.seen IS NOT DISTINCT FROM sha256(p.jpeg)
"""
_WRITE = """
INSERT INTO roster_photo (record_id, sitting_id, jpeg)
SELECT l.record_id, %s, l.jpeg FROM roster_importline l
WHERE l.roster_import_id = %s AND l.verdict IN ('added', 'changed')
ON CONFLICT (record_id) DO UPDATE SET jpeg = EXCLUDED.jpeg
"""
_CHANGED_SINCE = """
SELECT EXISTS (
    SELECT FROM roster_recordchange c JOIN roster_recordchange later ON later.record_id = c.record_id
    WHERE c.roster_import_id = %(import)s AND c.kind = 'photo' AND later.kind = 'photo' AND later.at >= c.at
      AND later.roster_import_id IS DISTINCT FROM %(import)s
      AND NOT EXISTS (SELECT FROM roster_rosterimport i WHERE i.id = later.roster_import_id AND i.state = 'undone')
)
"""
_BACK = """
UPDATE roster_photo p SET jpeg = c.photo_before FROM roster_recordchange c
WHERE c.roster_import_id = %s AND c.kind = 'photo' AND c.photo_before IS NOT NULL AND p.record_id = c.record_id
"""
_GONE_AGAIN = """
DELETE FROM roster_photo p USING roster_recordchange c
WHERE c.roster_import_id = %s AND c.kind = 'photo' AND c.photo_before IS NULL AND p.record_id = c.record_id
"""
_TELL = """
INSERT INTO roster_recordchange (id, record_id, roster_import_id, kind, sitting_id, at, by_name)
SELECT gen_random_uuid(), c.record_id, c.roster_import_id, 'undone', c.sitting_id, %s, %s FROM roster_recordchange c
WHERE c.roster_import_id = %s AND c.kind = 'photo'
"""


def check(one: RosterImport, path: Path, findings: Findings, told: Progress) -> None:
    """Write a line for each sound photo of a student in reach, and note what is wrong with the others.

    `UnreadableFile` when it is no archive, is locked, or says that it is too large. One photo is in memory at a time.
    """
    try:
        entries = [entry for entry in members(path, PHOTOS_AT_MOST) if not entry.is_dir()]
    except BadArchive as bad:
        reason = (
            f"压缩包过大（至多 {PHOTOS_AT_MOST} 张照片），请分几次上传。"
            if bad.large
            else "文件不是有效的 ZIP 压缩包。"
        )
        raise UnreadableFile(reason) from bad
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile("压缩包已加密，请去掉密码后再上传。")
    seen: dict[str, int] = {}
    with zipfile.ZipFile(path) as archive:
        for start in range(0, len(entries), _BATCH):
            told("核对", start, len(entries))
            batch = enumerate(entries[start : start + _BATCH], start=start + 1)
            numbers = dict(_numbers(one, batch, findings, seen))
            _keep(one, archive, numbers, findings)
    one.rows = len(entries)


def _numbers(
    one: RosterImport, batch: "enumerate[zipfile.ZipInfo]", findings: Findings, seen: dict[str, int]
) -> Iterator[tuple[str, tuple[int, zipfile.ZipInfo]]]:
    """ID number, place in the archive and entry of what is named as a photo should be."""
    for row, entry in batch:
        name = _name(entry)
        if name.startswith(_NOT_MEANT) or PurePosixPath(name).name in _NOT_MEANT:
            continue
        file = PurePosixPath(name)
        number = number_key(file.stem)
        if file.suffix.lower() not in (".jpg", ".jpeg"):
            findings.fault(row, file.name[-40:], "不是 .jpg 文件")
        elif not number:
            findings.fault(row, file.name[-40:], "文件名应为证件号码")
        elif number in seen:
            findings.fault(row, file.name[-40:], f"与第 {seen[number]} 个文件的证件号码相同")
        else:
            seen[number] = row
            yield number, (row, entry)


def _name(entry: zipfile.ZipInfo) -> str:
    """An entry's name; without the mark of UTF-8 it is in the encoding of this country's systems."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    return entry.filename.encode("cp437", "replace").decode("gb18030", "replace")


def _keep(
    one: RosterImport,
    archive: zipfile.ZipFile,
    numbers: dict[str, tuple[int, zipfile.ZipInfo]],
    findings: Findings,
) -> None:
    records = _records(one, list(numbers))
    photos = dict(
        Photo.objects.filter(record_id__in=[record.id for record in records.values()]).values_list("record_id", "jpeg")
    )
    lines = []
    for number, (row, entry) in numbers.items():
        record = records.get(number)
        if record is None:
            findings.fault(row, PurePosixPath(_name(entry)).name[-40:], "没有这个证件号码的考生，或不在您的管理范围内")
            continue
        try:
            jpeg = pictures.kept(_content(archive, entry))
        except pictures.BadPhoto as bad:
            findings.fault(row, record.name, str(bad))
            continue
        before = photos.get(record.id)
        lines.append(_line(one, row, record, jpeg, bytes(before) if before is not None else None))
    ImportLine.objects.bulk_create(lines)


def _records(one: RosterImport, numbers: list[str]) -> dict[str, StudentRecord]:
    """The students in reach by their ID number."""
    wanted = {bytes(found): number for number in numbers for found in StudentRecord.id_number.search(number)}
    found = StudentRecord.objects.filter(
        sitting_id=one.sitting_id, removed_at__isnull=True, id_number_digest__in=list(wanted)
    )
    return {
        wanted[bytes(record.id_number_digest)]: record
        for record in found
        if record.id_number_digest and one.reach.has(record.campus_id, record.department)
    }


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """At most one byte more than may be, whatever the directory says."""
    if entry.file_size > pictures.BYTES_AT_MOST:
        raise pictures.BadPhoto(f"照片文件过大（多于 {pictures.BYTES_AT_MOST // 1024} KB）")
    if entry.compress_type not in _PACKED:
        raise pictures.BadPhoto("压缩方式不能识别，请用系统自带的 ZIP 压缩")
    try:
        with archive.open(entry) as file:
            return file.read(pictures.BYTES_AT_MOST + 1)
    except BROKEN as error:
        raise pictures.BadPhoto("文件已损坏，无法解压") from error


def _line(one: RosterImport, row: int, record: StudentRecord, jpeg: bytes, before: bytes | None) -> ImportLine:
    """A line of the preview, with the photo as it would be kept unless it is there already."""
    verdict = ImportLine.Verdict.ADDED
    if before is not None:
        verdict = ImportLine.Verdict.SAME if before == jpeg else ImportLine.Verdict.CHANGED
    if verdict == ImportLine.Verdict.ADDED:
        one.added += 1
    if verdict == ImportLine.Verdict.CHANGED:
        one.changed += 1
    return ImportLine(
        roster_import=one,
        row=row,
        verdict=verdict,
        record_id=record.id,
        name=record.name,
        department=record.department,
        class_name=record.class_name,
        student_no=record.student_no,
        campus_id=record.campus_id,
        jpeg=jpeg if verdict != ImportLine.Verdict.SAME else None,
        seen=hashlib.sha256(before).digest() if before is not None else None,
    )


def apply(one: RosterImport, now: datetime) -> None:
    """Write the photos. `RosterMoved` when a student or a photo is another one than when it was checked."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_KEEP_BEFORE, [now, one.applied_by_name, one.id])
        if cursor.rowcount != one.added + one.changed:
            raise RosterMoved
        cursor.execute(_WRITE, [one.sitting_id, one.id])


def take_back(one: RosterImport, now: datetime) -> str:
    """The photos as they were before; else why not, in Chinese. A photo is no part of what saving keeps (rule B8), so
    that registrations are no hindrance."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_SINCE, {"import": one.id})
        if cursor.fetchone()[0]:
            return "这次导入之后有的照片又更换过，不能撤销。请逐个更换照片。"
        cursor.execute(_BACK, [one.id])
        cursor.execute(_GONE_AGAIN, [one.id])
        cursor.execute(_TELL, [now, one.ended_by_name, one.id])
    return ""

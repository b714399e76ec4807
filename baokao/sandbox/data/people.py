"""The guide's own three candidates, and the past scores of 李博 (pages.md)."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw

from baokao.core.crypto.digests import digest
from baokao.exams.models import Sitting
from baokao.passport import services as passports
from baokao.passport.services import NewPassport
from baokao.roster.models import PastScore, Photo, StudentRecord
from baokao.roster.rules import name_key, number_key

GUIDE: tuple[dict[str, Any], ...] = (
    {
        "id_type": "1", "number": "330101199001010000", "name": "廖晓儿", "gender": "女", "campus_id": "991010",
        "degree": "专科", "length": "6", "entry_year": "16", "grade": "11", "department": "化学学院",
        "major": "高分子化学与物理", "class_name": "1", "student_no": "00001", "subjects_given": "1F",
    },
    {
        "id_type": "6", "number": "99101000001", "name": "李博", "gender": "男", "campus_id": "991010",
        "subjects_given": "134J",
    },
    {
        "id_type": "6", "number": "993010WW1", "name": "颜明", "gender": "男", "campus_id": "993010",
        "degree": "专科", "length": "3", "entry_year": "16", "grade": "01", "department": "化学学院",
        "major": "物理", "class_name": "1", "student_no": "01", "subjects_given": "13456F",
    },
)  # fmt: skip
# Ticket number, ID number, name, score; all of 英语四级笔试.
_SCORES = (
    ("991010162100101", "99101000001", "李勃", 430),
    ("991010162100102", "99101000002", "李博", 447),
    ("991010162100103", "99101000001", "李博", 424),
    ("991010042100101", "99101000001", "李博", 82),
)


def load(sitting: Sitting, now: datetime) -> None:
    """Put the three into the roster, with a drawn photo for one, and the scores beside them."""
    for row in GUIDE:
        record = record_of(sitting, **row)
        record.save(force_insert=True)
        if row["name"] == "颜明":
            Photo.objects.create(record=record, sitting=sitting, jpeg=_drawn_photo())
    for ticket, number, name, score in _SCORES:
        past = PastScore(
            ticket_number=ticket, id_type="6", name=name, name_key=name_key(name), subject_code="1", score=score
        )
        past.id_number = number_key(number)
        past.save(force_insert=True)


def record_of(sitting: Sitting, *, number: str, name: str, campus_id: str, **columns: Any) -> StudentRecord:
    """A record as an import would make it, not saved yet."""
    record = StudentRecord(
        sitting=sitting, name=name, name_key=name_key(name), campus_id=campus_id, written_campus_id=campus_id, **columns
    )
    record.id_number = number_key(number)
    # Any digest will do: the first import that brings this row takes it for changed and writes its own.
    record.row_digest = digest("demonstration_row", f"{campus_id}{number}")
    return record


def load_passports(accounts: Sequence[tuple[str, str]], now: datetime) -> None:
    """Passports for visitors who don't care to register one first."""
    for account, password in accounts:
        passports.register(NewPassport(email=account, password=password), now)


def _drawn_photo() -> bytes:
    """A head and shoulders of 144 × 192 pixels, the smallest that an import takes."""
    picture = Image.new("RGB", (144, 192), "#dfe8f4")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((20, 128, 124, 250), fill="#34578f")
    pen.ellipse((44, 44, 100, 116), fill="#f0cfae")
    pen.pieslice((42, 34, 102, 100), 180, 360, fill="#22303f")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()

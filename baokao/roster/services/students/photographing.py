"""One student's photo by form."""

import uuid
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.roster import pictures
from baokao.roster.audit import RosterAction
from baokao.roster.models import Photo, RecordChange
from baokao.roster.reach import Reach
from baokao.roster.services.students.history import opened, tell


def save_photo(record: uuid.UUID, content: bytes, *, reach: Reach, actor: str, name: str, now: datetime) -> None:
    """Keep a photo of a student, encoded anew, in place of the one before. The same one again changes nothing.

    Raises RefusedError when it is none that can be kept (facts, Photos), when the student is out of reach by now, and
    as `gate.enter`.
    """
    with audit.refusals(RosterAction.RECORD_REFUSED, actor=actor, subject=f"record:{record}", at=now):
        try:
            jpeg = pictures.kept(content)
        except pictures.BadPhoto as bad:
            raise RefusedError(Refused("record.photo", f"{bad}，", "请换一张照片。", about="photo")) from bad
        with transaction.atomic():
            one = opened(record, reach)
            held = Photo.objects.filter(record_id=one.id).first()
            was = bytes(held.jpeg) if held else None
            if was == jpeg:
                return
            if held is None:
                Photo(record_id=one.id, sitting_id=one.sitting_id, jpeg=jpeg).save(force_insert=True)
            else:
                Photo.objects.filter(record_id=one.id).update(jpeg=jpeg)
            what = "更换照片" if held else "新照片"
            tell(one, RecordChange.Kind.PHOTO, name=name, now=now, what=what, photo=was)
            audit.record(
                RosterAction.PHOTO_SAVED, actor=actor, subject=f"record:{one.id}", sitting=one.sitting_id, at=now
            )

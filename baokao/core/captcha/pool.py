"""The pictures made ahead: the worker keeps the table filled, each web process keeps what it shows in memory."""

import secrets
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from baokao.core import clock
from baokao.core.captcha import drawing
from baokao.core.crypto.sealed import seal, unseal

CONTEXT = "core_captchapicture.answer"
RELOAD_SECONDS = 10
# New pictures a minute, and how long one is handed out: about a hundred different ones are in play at any moment, and
# none long enough to be worth collecting. A shown token lives ten minutes more, and its picture stays for that long.
A_MINUTE = 20
HANDED_OUT = timedelta(minutes=5)
KEPT = timedelta(minutes=16)


@dataclass(frozen=True)
class Picture:
    """A picture as a web process holds it; the sound stays in the database until somebody asks to hear it."""

    id: uuid.UUID
    answer: str
    png: bytes


@dataclass
class _Shelf:
    pictures: list[Picture] = field(default_factory=list)
    by_id: dict[uuid.UUID, Picture] = field(default_factory=dict)
    loaded: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


_shelf = _Shelf()


def pick() -> Picture:
    """Any of the pictures on the shelf. One is made on the spot when there is none (a new house, a stopped worker)."""
    _reload()
    pictures = _shelf.pictures
    if pictures:
        return secrets.choice(pictures)
    # The same shelf lock makes sure that a process draws one, not one for each waiting thread.
    with _shelf.lock:
        if not _shelf.pictures:
            drawn = keep(drawing.draw(), clock.now())
            _put_up([drawn])
        return _shelf.pictures[0]


def png(picture: uuid.UUID) -> bytes | None:
    """The picture's PNG, from memory or else from the table; None when it is gone."""
    held = _shelf.by_id.get(picture)
    return held.png if held else _column("png", picture)


def wav(picture: uuid.UUID) -> bytes | None:
    """The picture's sound from the table; None when it is gone."""
    return _column("wav", picture)


def fill(now: datetime, number: int = A_MINUTE) -> None:
    """The worker's part: remove the pictures that no living token can name, and make new ones."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_captchapicture WHERE made_at < %s", [now - KEPT])
    for _ in range(number):
        keep(drawing.draw(), now)


def forget() -> None:
    """Empty this process's shelf, so that the next look reloads it; for tests."""
    _put_up([])
    _shelf.loaded = float("-inf")


def _reload() -> None:
    if time.monotonic() - _shelf.loaded < RELOAD_SECONDS or not _shelf.lock.acquire(blocking=not _shelf.pictures):
        return
    try:
        # Another thread may have loaded while this one waited for the lock.
        if time.monotonic() - _shelf.loaded >= RELOAD_SECONDS:
            _put_up(_load(clock.now()))
            _shelf.loaded = time.monotonic()
    finally:
        _shelf.lock.release()


def _load(now: datetime) -> list[Picture]:
    """One query: every picture still handed out, with the PNG only of those that this process does not hold yet."""
    held = _shelf.by_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, answer, CASE WHEN id = ANY(%s) THEN NULL ELSE png END FROM core_captchapicture"
            " WHERE made_at > %s",
            [list(held), now - HANDED_OUT],
        )
        rows = cursor.fetchall()
    return [
        held[row_id] if row_id in held else Picture(row_id, unseal(answer, CONTEXT, row_id.bytes), bytes(png_column))
        for row_id, answer, png_column in rows
    ]


def _put_up(pictures: list[Picture]) -> None:
    _shelf.by_id = {picture.id: picture for picture in pictures}
    _shelf.pictures = pictures


def keep(drawn: drawing.Drawn, now: datetime) -> Picture:
    """Put a picture that was drawn into the table; as a web process holds it."""
    sealed = seal(drawn.answer, CONTEXT, drawn.id.bytes)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_captchapicture (id, png, wav, answer, made_at) VALUES (%s, %s, %s, %s, %s)",
            [drawn.id, drawn.png, drawn.wav, sealed, now],
        )
    return Picture(drawn.id, drawn.answer, drawn.png)


def _column(name: str, picture: uuid.UUID) -> bytes | None:
    statement = {
        "png": "SELECT png FROM core_captchapicture WHERE id = %s",
        "wav": "SELECT wav FROM core_captchapicture WHERE id = %s",
    }[name]
    with connection.cursor() as cursor:
        cursor.execute(statement, [picture])
        found = cursor.fetchone()
    return bytes(found[0]) if found else None


def answer_of(picture: Picture) -> str:
    """What the picture says; 8888 where the answer is fixed, whichever picture was made before that was set."""
    return drawing.FIXED if settings.CAPTCHA == "fixed" else picture.answer

"""Pages that are the same for everybody, rendered at most once a second in each process and served as bytes.

Nothing personal may go in. With `max-age=1` in front of a second in the process nobody is shown anything staler than two
seconds, however many caches on the way obey.
"""

import gzip
import hashlib
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

SECONDS = 0.9
_MOST = 2000


@dataclass(frozen=True)
class _Made:
    """One answer: when it was made, its ETag, and its bytes, plain and compressed."""

    at: float
    etag: str
    plain: bytes
    packed: bytes


_known: dict[Hashable, _Made] = {}
_making: set[Hashable] = set()
_lock = threading.Lock()


def answer(request: HttpRequest, key: Hashable, render: Callable[[], str]) -> HttpResponse:
    """The page under `key`, rendered by `render` if what is known is older than a second.

    While one thread renders, others are given what was known. 304 for an `If-None-Match` that still holds.
    """
    made = _made(key, render)
    if made.etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(made.packed, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(made.plain)
    response["ETag"] = made.etag
    response["Cache-Control"] = "public, max-age=1"
    response["Vary"] = "Accept-Encoding"
    return response


def forget() -> None:
    """Forget everything, after a test changed what lies beneath."""
    _known.clear()


def _made(key: Hashable, render: Callable[[], str]) -> _Made:
    found = _known.get(key)
    if found and time.monotonic() - found.at < SECONDS:
        return found
    with _lock:
        if found and key in _making and time.monotonic() - found.at < 2 * SECONDS:
            return found
        _making.add(key)
    try:
        at = time.monotonic()
        plain = render().encode()
        etag = f'W/"{hashlib.blake2b(plain, digest_size=12).hexdigest()}"'
        fresh = _Made(at, etag, plain, gzip.compress(plain, 6, mtime=0))
        if len(_known) >= _MOST:
            _known.clear()
        _known[key] = fresh
        return fresh
    finally:
        _making.discard(key)

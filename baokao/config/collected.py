"""The static files as the web server gives them out: hashed names, compressed, collected anew only when one changed."""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> None:
    """Bring STATIC_ROOT up to date; Django must be set up. Of two processes at once the second waits."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root.parent / f"{root.name}.stamp"
    with stamp.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        current = _content()
        if file.read() == current and (root / "staticfiles.json").exists():
            return
        file.truncate(0)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        file.write(current)


def _content() -> str:
    """A digest of every source file's name and content."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            with storage.open(path) as file:
                found.update(f"{path}\0".encode() + hashlib.sha256(file.read()).digest())
    return found.hexdigest()

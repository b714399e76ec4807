"""htmx comes with django-htmx; only its minified script is served, not its development copies."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django_htmx
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

_FILE = "django_htmx/htmx-2.min.js"


class HtmxFinder(BaseFinder):
    """Finds the one script."""

    storage = FileSystemStorage(location=Path(django_htmx.__file__).parent / "static")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self.storage.path(path) if path == _FILE else None
        return ([found] if found else []) if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, FileSystemStorage]]:
        yield _FILE, self.storage

"""Where the web processes keep their counts; known without loading the client library, which reads it when imported."""

import os
import shutil
from pathlib import Path

from django.conf import settings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def folder() -> Path:
    """The folder of this site's counts."""
    return settings.DATA / "metrics"


def clear() -> None:
    """Empty the folder. For what starts the web processes, before the first of them: counts begin anew with each start,
    and the files of processes long gone don't pile up."""
    shutil.rmtree(folder(), ignore_errors=True)


def use() -> None:
    """Make this process count into the folder; before the client library is first imported."""
    folder().mkdir(parents=True, exist_ok=True)
    os.environ.setdefault(VARIABLE, str(folder()))

"""CPU time of a site's processes and of the database's, from their own accounting."""

from dataclasses import dataclass

import psutil
from django.conf import settings

from tests.site import Site


@dataclass(frozen=True)
class Spent:
    """CPU seconds since the processes began."""

    web: float
    database: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.web - other.web, self.database - other.database)


def spent(site: Site) -> Spent:
    """What the site's processes and all of the database's have spent so far."""
    return Spent(_tree(psutil.Process(site.child.pid)), _tree(_postmaster()))


def _postmaster() -> psutil.Process:
    here = str(settings.DATA)
    for process in psutil.process_iter(["name", "cmdline"]):
        words = process.info["cmdline"] or []
        if "postgres" in (process.info["name"] or "") and any(here in word for word in words):
            return process
    raise LookupError("the bench's database is not running")


def _tree(root: psutil.Process) -> float:
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        # A child that has ended is in its parent's account.
        total += times.user + times.system + times.children_user + times.children_system
    return total

"""Everything unsafe or missing, in plain sentences: `baokao check` prints it, and production does not start with it."""

import contextlib

from django.conf import settings
from django.db import DatabaseError

from baokao.core.checks import database, environment, keys, providers, worker
from baokao.core.checks.finding import Finding

__all__ = ["Finding", "findings", "refuse_if_unsafe"]


def findings() -> list[Finding]:
    """Everything that an operator should know, what is unsafe first."""
    found = [*environment.findings(), *providers.findings()]
    try:
        found += database.findings()
        found += worker.findings()
        if not any(finding.name == "database.migrations" for finding in found):
            found += keys.findings()
    except DatabaseError as failed:
        found.append(Finding("unsafe", "database.unreachable", f"The database does not answer ({_reason(failed)})."))
    return sorted(found, key=lambda finding: finding.level != "unsafe")


def refuse_if_unsafe() -> None:
    """In production, stop the program with a sentence for each unsafe thing; elsewhere do nothing.

    A database that is down is no reason to refuse: the program waits for it. Whether the worker runs isn't asked, since
    it may be the one that is starting.
    """
    if not settings.PRODUCTION:
        return
    found = [*environment.findings(), *providers.findings()]
    with contextlib.suppress(DatabaseError):
        found += database.findings()
    unsafe = [finding for finding in found if finding.level == "unsafe"]
    if unsafe:
        raise SystemExit("\n".join(["baokao does not start in production with this:", *map(str, unsafe)]))


def _reason(failed: DatabaseError) -> str:
    # The first line names host and cause; a password is never in it.
    return str(failed).strip().partition("\n")[0]

"""Points at which a test may make the program fail or die. Armed only by BAOKAO_FAULT, and never in production.

`BAOKAO_FAULT=registration.after_insert:kill` ends the process there as a crash would; `:raise` raises `InjectedFault`.
`baokao check` calls an armed fault in production unsafe, and the point itself ignores it.
"""

import os
import signal

from django.conf import settings


class InjectedFault(RuntimeError):
    """Raised by an armed point."""


def point(name: str) -> None:
    """Fail here if this point is armed; otherwise nothing."""
    armed = settings.FAULT
    if not armed or settings.PRODUCTION:
        return
    target, _, action = armed.partition(":")
    if target != name:
        return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise InjectedFault(name)

"""As whom PostgreSQL runs on this machine (it refuses root and strangers), and how a program is started as that."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from baokao.sandbox.database.launch import NOBODY
from baokao.sandbox.database.trouble import Trouble

How = Literal["self", "namespace", "nobody"]
LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Identity:
    """One way of running PostgreSQL's programs."""

    how: How

    def command(self, *command: str, parent: int = 0) -> list[str]:
        """The command line that runs `command` as this user; it ends with process `parent`, if that is given."""
        if self.how == "self" and not (parent and sys.platform == "linux"):
            return list(command)
        return [sys.executable, "-I", "-S", str(LAUNCH), self.how, str(parent), *command]

    def own(self, folder: Path) -> None:
        """Make a folder of ours the property of that user. Only `nobody` needs it."""
        folder.chmod(0o700)
        if self.how == "nobody":
            os.chown(folder, NOBODY, NOBODY)


@lru_cache(maxsize=1)
def choose(program: str, only: tuple[How, ...] = ("namespace", "nobody")) -> Identity:
    """The first way that works, tried by asking `program` (the path of `postgres`) for its settings as that user."""
    root = os.geteuid() == 0
    if not root and _has_name():
        return Identity("self")
    for how in only:
        if how == "nobody" and not root:
            continue
        identity = Identity(how)
        # Describing the settings is the shortest thing that postgres refuses to do as root.
        tried = subprocess.run(identity.command(program, "--describe-config"), capture_output=True, timeout=60)  # noqa: S603
        if tried.returncode == 0:
            return identity
    if root:
        raise Trouble(
            "PostgreSQL refuses to run as root, and this machine forbids both a user namespace and becoming nobody."
            " Run the command as an ordinary user, or set BAOKAO_DATABASE_URL to an existing PostgreSQL."
        )
    raise Trouble(f"PostgreSQL needs a user with a name; number {os.geteuid()} has none on this machine.")


def _has_name() -> bool:
    """Whether the user is in the list of users; in a container with `--user 1000` it may not be, and initdb asks."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True

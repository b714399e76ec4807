"""Where the embedded database's files lie below the data folder."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from baokao.sandbox.database.trouble import Trouble

# The kernel's bound on a socket's path is 107 bytes; the file is called .s.PGSQL.<port>.lock at its longest.
LONGEST = 107 - len("/.s.PGSQL.65535.lock")
# The number in the socket's name. Each data folder has its own socket folder, so it need not differ.
SOCKET_NUMBER = 5432


@dataclass(frozen=True)
class Layout:
    """All paths, from the data folder."""

    data: Path

    @property
    def home(self) -> Path:
        """Everything of the database; 0700."""
        return self.data / "database"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.data / "database.log"

    @property
    def roles(self) -> Path:
        """URL of each role, 0600; baokao.config.databases reads it."""
        return self.data / "roles.json"

    @property
    def starting(self) -> Path:
        """Locked while somebody makes, starts or stops the database."""
        return self.data / "database.starting"

    @property
    def users(self) -> Path:
        """Locked, shared, by everyone who uses the running database."""
        return self.data / "database.users"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def sockets(self) -> Path:
        """The socket's folder: in the data folder, else a short one of our own under the temporary folder."""
        usual = self.home / "sockets"
        if len(os.fsencode(usual)) <= LONGEST:
            return usual
        mark = hashlib.sha256(os.fsencode(self.data) + str(os.geteuid()).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"baokao-{mark}"


def make_private(folder: Path) -> None:
    """A folder for us alone; refuses one that somebody else laid there before us."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    # In the nobody arrangement root owns neither the cluster nor the sockets, yet made both.
    if not stat.S_ISDIR(found.st_mode) or (found.st_uid != os.geteuid() and os.geteuid() != 0):
        raise Trouble(f"{folder} belongs to somebody else; remove it, or set BAOKAO_DATA to another folder.")

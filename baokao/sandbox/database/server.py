"""One PostgreSQL server: starting it over whatever an earlier one left behind, asking it, stopping it."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from baokao.sandbox.database import making, programs, roles
from baokao.sandbox.database.identity import Identity, choose
from baokao.sandbox.database.layout import SOCKET_NUMBER, Layout, make_private
from baokao.sandbox.database.trouble import Trouble, explain
from baokao.sandbox.database.urls import urls, write

PATIENCE = 60.0
LOG_LIMIT = 5_000_000


class Server:
    """The server of one data folder. The caller holds the folder's `starting` lock while it starts or stops it."""

    def __init__(self, layout: Layout, *, port: int | None, durable: bool, bound: bool) -> None:
        """`port`: also listen on 127.0.0.1 there. `durable` False: no fsync. `bound`: end when this process dies."""
        self.layout, self.port, self.durable, self.bound = layout, port, durable, bound
        self._process: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        """Whether a postmaster of this data folder exists."""
        return self._process.poll() is None if self._process else postmaster(self.layout) is not None

    def start(self) -> None:
        """Start and return when roles and database stand. Raises `Trouble`, with nothing left running."""
        layout = self.layout
        make_private(layout.home)
        make_private(layout.sockets)
        found = programs.find_for(layout.cluster) if (layout.cluster / "PG_VERSION").exists() else programs.find()
        identity = choose(found.path("postgres"))
        identity.own(layout.home)
        identity.own(layout.sockets)
        lost = write(layout, self.port or SOCKET_NUMBER)
        making.make_if_absent(layout, found, identity, durable=self.durable)
        _clear_away(layout)
        if lost:
            making.set_password(layout, found, identity)
        deadline = time.monotonic() + PATIENCE
        while True:
            since = _trim(layout.log)
            self._process = self._spawn(found.path("postgres"), identity)
            if self._answers(deadline):
                break
            said = _read(layout.log, since)
            self.stop()
            # The children of a postmaster that was killed need a moment to notice it and go.
            if "still in use" not in said or time.monotonic() > deadline:
                raise explain(said, layout.data, self.port)
            time.sleep(0.5)
        roles.ensure(urls(layout.data))

    def stop(self) -> None:
        """Stop the server, ours or one found; returns when it is gone."""
        number = self._process.pid if self._process else postmaster(self.layout)
        for wish, seconds in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            if number is None or not self._exists(number):
                break
            os.kill(number, wish)
            self._wait(number, seconds)
        self._process = None

    def _spawn(self, program: str, identity: Identity) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "127.0.0.1" if self.port else "",
            "port": str(self.port or SOCKET_NUMBER),
            "unix_socket_directories": str(self.layout.sockets),
            "unix_socket_permissions": "0700",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "max_connections": "300",
            "jit": "off",
            "lc_messages": "C",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        command = [program, "-D", str(self.layout.cluster)]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.layout.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                identity.command(*command, parent=os.getpid() if self.bound else 0),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C at the terminal is for the demonstration, which ends its parts in order.
                start_new_session=True,
            )

    def _answers(self, deadline: float) -> bool:
        """Wait until the server takes connections; False if it died or the time is over."""
        address = urls(self.layout.data)["superuser"]
        while self._process and self._process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(address, connect_timeout=5).close()
            except psycopg.OperationalError as failed:
                if "password authentication failed" in str(failed):
                    raise Trouble(f"The passwords in {self.layout.roles} are wrong; remove that file.") from failed
                time.sleep(0.03)
            else:
                return True
        return False

    def _exists(self, number: int) -> bool:
        return self._process.poll() is None if self._process else postmaster(self.layout) == number

    def _wait(self, number: int, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self._exists(number) and time.monotonic() < end:
            time.sleep(0.02)


def postmaster(layout: Layout) -> int | None:
    """The process id of the folder's postmaster, if that process really is one: after a crash the number in the file
    may belong to anybody."""
    try:
        number = int(layout.pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    words = command_line(number)
    return number if words and "postgres" in words[0] and str(layout.cluster) in words else None


def command_line(number: int) -> list[str]:
    """A process's command line; [] if there is no such process, [""] if it is dead but not yet buried."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return []
    except OSError:
        return []
    asked = subprocess.run(["ps", "-o", "command=", "-p", str(number)], capture_output=True, text=True)  # noqa: S603, S607
    return asked.stdout.split()


def _clear_away(layout: Layout) -> None:
    """Remove what a killed server left: its pid file and sockets. Nobody lives here, as the caller made sure."""
    if postmaster(layout) is not None:
        return
    layout.pid_file.unlink(missing_ok=True)
    for socket in layout.sockets.glob(".s.PGSQL.*"):
        socket.unlink(missing_ok=True)


def _trim(log: Path) -> int:
    """The log's length, after emptying one that has grown too long."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.write_bytes(b"")
    return log.stat().st_size if log.exists() else 0


def _read(log: Path, since: int) -> str:
    with log.open("rb") as stream:
        stream.seek(since)
        return stream.read().decode(errors="replace")

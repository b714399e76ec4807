"""Real processes against the test database: web servers over HTTP, the worker; each as its own database role."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0


class Process:
    """A child in a group of its own, so that its own children end with it."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.log = Path(settings.DATA) / f"{name}.log"
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                command, env=os.environ | environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def stop(self) -> None:
        """SIGTERM, ten seconds, then SIGKILL for the whole group."""
        self.child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(10)
        self.kill()

    def kill(self) -> None:
        """SIGKILL for the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def said(self) -> str:
        """Its log."""
        return self.log.read_text(errors="replace")

    def wait_until(self, question) -> None:
        """Wait until `question()` is true; fails with the log if the process dies or time runs out."""
        deadline = time.monotonic() + START_SECONDS
        while not question():
            assert self.child.poll() is None, f"{self.log.name} ended with {self.child.returncode}:\n{self.said()}"
            assert time.monotonic() < deadline, f"{self.log.name} is not ready:\n{self.said()}"
            time.sleep(0.05)


class Site(Process):
    """A granian server with several processes, as the web role. `url` has no slash at its end."""

    def __init__(
        self, target: str = "tests.live:application", workers: int = 3, threads: int = 6, port: int = 0, **more: str
    ) -> None:
        """`target` is the WSGI application; `port` one that was told to somebody before; `more` are environment
        variables."""
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.began = Path(settings.DATA) / f"began.{self.port}"
        self.begin()
        words = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--http", "1"]
        words += ["--no-ws", "--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "warning"]
        environment = environment_of("web") | {
            "BAOKAO_PORT": str(self.port),
            "BAOKAO_TEST_BEGAN": str(self.began),
            # Counts of several sites at once must not mix.
            "PROMETHEUS_MULTIPROC_DIR": str(Path(settings.DATA) / f"metrics.{self.port}"),
        }
        Path(environment["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
        super().__init__(f"site-{self.port}", [sys.executable, *words, target], environment | more)
        try:
            self.wait_until(lambda: answers(f"http://127.0.0.1:{self.port}/healthz"))
        except BaseException:
            self.kill()
            raise

    def begin(self) -> None:
        """A new test begins: what the processes remember is to be forgotten."""
        self.began.write_text("")
        os.utime(self.began, ns=(time.time_ns(), time.time_ns()))

    def stop(self) -> None:
        """Ends it and removes its traces."""
        super().stop()
        self.began.unlink(missing_ok=True)


class Worker(Process):
    """`baokao worker` as the worker role."""

    def __init__(self, **more: str) -> None:
        # Its models can only be imported once the settings are there, and this file earlier than that.
        from tests import pictures

        pictures.hang()
        super().__init__("worker", [sys.executable, "-m", "baokao", "worker"], environment_of("worker") | more)
        self.wait_until(lambda: "worker.started" in self.said())


_addresses: dict[str, str] = {}


def environment_of(role: str) -> dict[str, str]:
    """The environment of a process that works as `role` on the test database."""
    return {
        "BAOKAO_ENV": "test",
        "BAOKAO_ROLE": role,
        "BAOKAO_DATABASE_URL": address(role),
        "BAOKAO_DATA": str(settings.DATA),
        "BAOKAO_POOL": "8",
        "DJANGO_SETTINGS_MODULE": "baokao.config.settings",
    }


def address(role: str) -> str:
    """The test database's URL for a role (owner, web, worker)."""
    if not _addresses:
        _addresses.update(_role_addresses())
    parts = urlsplit(_addresses[role])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def _role_addresses() -> dict[str, str]:
    from baokao.sandbox.database import roles, urls
    from baokao.sandbox.database.urls import USERS

    given = os.environ.get("BAOKAO_DATABASE_URL", "")
    if not given:
        return urls(Path(settings.DATA))
    # A server that somebody lends: its superuser makes the three roles, with passwords for this run.
    parts = urlsplit(given)
    place = parts.netloc.rpartition("@")[2]
    made = {
        role: urlunsplit(parts._replace(netloc=f"{user}:{os.urandom(12).hex()}@{place}"))
        for role, user in USERS.items()
    }
    made["superuser"] = given
    roles.ensure(made, database=False)
    return made


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a GET is answered at all."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False

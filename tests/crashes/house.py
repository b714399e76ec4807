"""A house of its own whose parts may be killed at any moment: a database, web servers and a worker. Whatever ended is
started again, as a supervisor would; the providers are elsewhere and live on."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from django.db import connection

from baokao.config.databases import parse
from baokao.sandbox.database import Running, Trouble, running
from baokao.sandbox.database.layout import Layout
from baokao.sandbox.database.server import postmaster
from tests import pictures
from tests.site import ROOT, Process, Site, Worker, environment_of

PARTS = ("web", "worker", "database")


class House:
    """`settings` are environment variables of web server and worker; `site` is the program that the web server runs."""

    def __init__(self, database: Running, port: int, settings: dict[str, str], site: str, processes: int) -> None:
        self.database, self.port, self.settings, self.site, self.processes = database, port, settings, site, processes
        self.parts: dict[str, Process] = {}

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self, part: str) -> None:
        """Start a part that is not running; returns when it works."""
        if part == "database":
            self.database.restart()
        elif part == "web":
            more = self._environment("web")
            self.parts[part] = Site(self.site, workers=self.processes, threads=8, port=self.port, **more)
        else:
            self.parts[part] = Worker(**self._environment("worker"))

    def kill(self, part: str, chance: random.Random) -> None:
        """SIGKILL, for the whole part; of the database for everything, for the postmaster alone, or for one backend,
        whereupon the postmaster ends all others and recovers."""
        if part != "database":
            self.parts[part].kill()
            return
        father = psutil.Process(postmaster(Layout(self.database.data)))
        children = father.children(recursive=True)
        whom = chance.choice(("everything", "the postmaster", "a backend"))
        doomed = {"everything": [father, *children], "the postmaster": [father], "a backend": children[-1:]}[whom]
        for one in doomed:
            with suppress(psutil.NoSuchProcess):
                os.kill(one.pid, signal.SIGKILL)
        if whom != "a backend":
            father.wait(10)

    def tend(self) -> None:
        """Start whatever has ended, by a kill or because the database was away, until everything works."""
        connection.close()
        deadline = time.monotonic() + 60
        while ended := self._ended():
            assert time.monotonic() < deadline, f"{ended} can't be started"
            with ThreadPoolExecutor(2) as both, suppress(Trouble, AssertionError):
                list(both.map(self.start, ended))

    def _ended(self) -> list[str]:
        """What is to be started now; the others wait for the database."""
        if not self.database.alive():
            return ["database"]
        return [part for part in ("web", "worker") if self.parts[part].child.poll() is not None]

    def stop(self) -> None:
        for part in self.parts.values():
            part.kill()

    def _environment(self, role: str) -> dict[str, str]:
        return self.settings | {"BAOKAO_DATABASE_URL": self.database.urls[role]}


@contextmanager
def house(folder: Path, port: int, settings: dict[str, str], processes: int, site: str) -> Iterator[House]:
    """A new house with an empty, durable database, to which this process's models and services speak meanwhile."""
    with running(folder, durable=True) as database:
        made = House(database, port, settings | {"BAOKAO_SEAL_LOG": str(folder / "seals.log")}, site, processes)
        owner = environment_of("owner") | {"BAOKAO_DATABASE_URL": database.urls["owner"]}
        migrating = subprocess.Popen(
            [sys.executable, "-m", "baokao", "migrate"], env=os.environ | owner, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        with speaking_to(database.urls["owner"]):
            try:
                made.start("web")
                assert migrating.wait() == 0
                pictures.hang()
                made.start("worker")
                yield made
            finally:
                made.stop()


@contextmanager
def speaking_to(url: str) -> Iterator[None]:
    """This process's connections go to another database."""
    usual = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {name: part for name, part in parse(url).items() if name != "OPTIONS"}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= usual

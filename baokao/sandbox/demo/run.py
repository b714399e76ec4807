"""The demonstration from its first line to its last."""

import contextlib
import fcntl
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from baokao.config import place
from baokao.sandbox.database import Running, Trouble, running
from baokao.sandbox.database.layout import make_private
from baokao.sandbox.demo.parts import Part, end_leftovers
from baokao.sandbox.demo.ports import refuse_taken
from baokao.sandbox.demo.story import Story
from baokao.sandbox.provider.demonstration import settings_of_the_site

READY_SECONDS = 60.0
# Processes of a demonstration that was killed may still be closing their sockets.
PORT_SECONDS = 3.0
WATCH_SECONDS = 0.3


def run() -> None:
    """Start everything, print addresses and accounts, watch until Ctrl-C or SIGTERM. Raises `Trouble` or `GivenUp`."""
    data, port, story, bell = place.data(), place.port(), Story(), Bell()
    make_private(data)
    with bell.rings_on_signals(), _only_one(data):
        if end_leftovers(data):
            story.step("上次未正常结束，已清理遗留进程。")
        refuse_taken(port, port + 1, port + 2, place.provider_port(), patience=PORT_SECONDS)
        story.step("启动数据库…")
        with running(data, port=port + 1, alone=True) as database:
            accounts = _prepare(story)
            from baokao.sandbox import smtp

            with smtp.catching(port + 2, data / "mail"), _parts(data, database) as parts:
                story.step("启动网站与后台任务…")
                if _wait_until_ready(port, parts, bell):
                    story.ready(port, data, accounts)
                    _watch(parts, database, story, bell)
                story.step("正在结束…")
        story.step("已结束。")


class Bell:
    """Rung by Ctrl-C, SIGTERM or a closed terminal; further rings change nothing, so the end is always orderly."""

    def __init__(self) -> None:
        self.rung = False

    @contextlib.contextmanager
    def rings_on_signals(self) -> Iterator[None]:
        """Listen for as long as the block lasts."""
        before = {wish: signal.signal(wish, self._ring) for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            yield
        finally:
            for wish, handler in before.items():
                signal.signal(wish, handler)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self.rung = True


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    with (data / "demo.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"演示已在运行: A demonstration with the data in {data} is running already. For a second one beside it"
                " set BAOKAO_DATA and BAOKAO_PORT."
            ) from None
        yield


def _prepare(story: Story) -> Any:
    """Tables, rights, data, static files; returns the accounts."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from baokao.config import collected, grants
    from baokao.core import clock
    from baokao.sandbox import data

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        story.step("建立数据表…")
        call_command("migrate", interactive=False, verbosity=0)
    grants.apply()
    if not data.is_loaded():
        story.step("载入演示数据…")
    accounts = data.load(clock.now())
    collected.collect()
    connection.close()
    return accounts


@contextlib.contextmanager
def _parts(data: Path, database: Running) -> Iterator[list[Part]]:
    """Payment provider, web server and worker, the latter two each as its own database role; ended together."""
    addresses = database.urls
    pays_here = settings_of_the_site(data, f"http://127.0.0.1:{place.provider_port()}")
    own = {"BAOKAO_DATA": str(data)}
    parts = [
        Part(name, data, {"BAOKAO_ROLE": role, "BAOKAO_DATABASE_URL": addresses[role]} | own | pays_here)
        for name, role in (("serve", "web"), ("worker", "worker"))
    ]
    parts.append(Part("provider", data, own))
    try:
        for part in parts:
            part.start()
        yield parts
    finally:
        for part in parts:
            part.ask_to_end()
        for part in parts:
            part.wait()


def _wait_until_ready(port: int, parts: list[Part], bell: Bell) -> bool:
    """Wait for the first page; False if somebody rang before."""
    deadline = time.monotonic() + READY_SECONDS
    while not bell.rung:
        if _answers(f"http://127.0.0.1:{port}/readyz"):
            return True
        for part in parts:
            if not part.alive():
                part.start_again()
        if time.monotonic() > deadline:
            raise Trouble(
                f"The site does not answer after {READY_SECONDS:.0f} s. serve.log ends:\n{parts[0].last_words()}"
            )
        time.sleep(0.1)
    return False


def _watch(parts: list[Part], database: Running, story: Story, bell: Bell) -> None:
    """Start what dies again, until the bell rings."""
    while not bell.rung:
        if not database.alive():
            story.step("数据库意外退出，正在重启…")
            database.restart()
        for part in parts:
            if not part.alive():
                story.step(f"{part.name} 意外退出，正在重启…")
                part.start_again()
        _sleep(WATCH_SECONDS, lambda: bell.rung)


def _sleep(seconds: float, enough: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not enough():
        time.sleep(0.05)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False

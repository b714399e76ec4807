"""What the tests of the house share: many things at once, a fresh memory in each test, a log of seals of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import unique

import pytest
from django.db import connection, connections

from baokao.core import audit, clock, switches
from baokao.core.captcha import pool


@unique
class Deed(audit.AuditAction):
    """Actions of an app that doesn't exist."""

    DONE = "tests.done"
    REFUSED = "tests.refused"


@pytest.fixture(autouse=True)
def fresh_memory(settings, tmp_path):
    """What a process remembers between requests is forgotten between tests."""
    settings.SEAL_LOG = tmp_path / "seals.log"
    pool.forget()
    switches.forget()
    yield
    pool.forget()
    switches.forget()


@pytest.fixture
def at_once() -> Callable:
    """Call a function `count` times, all released together, each in a thread and on a connection of its own."""

    def run(count: int, function: Callable, *arguments) -> list:
        gate = threading.Barrier(count)

        def one(number: int):
            try:
                # Connecting takes longer than racing, so it comes before the gate.
                connection.ensure_connection()
                gate.wait(30)
                return function(*arguments)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(one, range(count)))

    return run


@pytest.fixture
def deed() -> Callable:
    """Write one audit row in a transaction of its own."""

    def write(subject: str = "thing:1", **detail) -> None:
        audit.record(Deed.DONE, actor="system", subject=subject, detail=detail, at=clock.now())

    return write


@pytest.fixture
def run_sql() -> Callable:
    """One statement on the test's connection; its rows, if it has any."""

    def run(statement: str, *parameters) -> list:
        with connection.cursor() as cursor:
            cursor.execute(statement, list(parameters) or None)
            return cursor.fetchall() if cursor.description else []

    return run

"""Loaded by pytest before anything else (pyproject.toml): the environment of the tests, and their database.

The settings are read when pytest-django starts, so both have to be there by then. Without BAOKAO_DATABASE_URL an
embedded PostgreSQL without fsync runs in var/test for as long as somebody tests, and one in var/test/gw0, gw1, … for
each process that shares the files: in one cluster a transaction that stays open in one database keeps the audit rows of
all others from being sealed.
"""

import contextlib
import os

import pytest

DEFAULTS = {
    "BAOKAO_ENV": "test",
    "BAOKAO_CAPTCHA": "fixed",
    # Playwright keeps an event loop in the main thread, in which Django would else refuse to use the database.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
for _name, _value in DEFAULTS.items():
    os.environ.setdefault(_name, _value)

_open = contextlib.ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the embedded database, or use the one that another run of the tests has started."""
    if os.environ["BAOKAO_ENV"] != "test":
        raise pytest.UsageError(f"BAOKAO_ENV is {os.environ['BAOKAO_ENV']}; the tests run with BAOKAO_ENV=test only.")
    if os.environ.get("BAOKAO_DATABASE_URL"):
        return
    from baokao.config import place
    from baokao.sandbox.database import Trouble, running

    if process := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["BAOKAO_DATA"] = str(place.data() / process)
    try:
        _open.enter_context(running(place.data(), durable=False))
    except Trouble as trouble:
        raise pytest.UsageError(str(trouble)) from None


def pytest_unconfigure() -> None:
    """The last run stops it."""
    _open.close()

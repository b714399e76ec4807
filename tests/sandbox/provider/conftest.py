"""A desk with books in memory, its merchant, and the whole provider over HTTP."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from baokao.sandbox.provider import sender
from baokao.sandbox.provider.server import serving
from baokao.sandbox.provider.site import Site
from tests.sandbox.provider.client import Merchant, a_desk
from tests.site import free_port


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def desk(port):
    made = a_desk(base_url=f"http://127.0.0.1:{port}")
    yield made
    made.close()


@pytest.fixture
def merchant(desk):
    return Merchant(desk)


def real_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def serving_with_its_sender(desk, port):
    """The provider over real HTTP with its sender, at the real time."""
    stop = threading.Event()
    sending = threading.Thread(target=sender.run, args=(desk, real_now, stop))
    with serving(Site(desk, real_now), port) as server:
        sending.start()
        yield server
        stop.set()
        sending.join()


@pytest.fixture
def provider(desk, port):
    """The provider over real HTTP with its sender, at the real time: `provider.url`."""
    with serving_with_its_sender(desk, port) as server:
        yield server

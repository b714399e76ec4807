"""The sandbox's provider in the test's own process, with its books in memory, for candidates to pay at."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from baokao.sandbox.provider import demonstration, sender
from baokao.sandbox.provider.alipay.desk import Desk
from baokao.sandbox.provider.server import serving
from baokao.sandbox.provider.site import Site
from tests.site import free_port


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def provider(folder) -> Iterator[tuple[Desk, dict[str, str]]]:
    """The provider over HTTP with its sender at work, and the settings by which a site finds it."""
    port = free_port()
    desk, stop = Desk(demonstration.alipay(folder, f"http://127.0.0.1:{port}")), threading.Event()
    sending = threading.Thread(target=sender.run, args=(desk, now, stop))
    with serving(Site(desk, now), port):
        sending.start()
        yield desk, demonstration.settings_of_the_site(folder, desk.config.base_url)
        stop.set()
        sending.join()
    desk.close()

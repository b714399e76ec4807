"""The sandbox's providers in the test's own process, with its books in memory, for candidates to pay at."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from baokao.sandbox.provider import demonstration, sender
from baokao.sandbox.provider.alipay.desk import Desk
from baokao.sandbox.provider.payease.desk import Desk as PayEaseDesk
from baokao.sandbox.provider.server import serving
from baokao.sandbox.provider.site import Site
from tests.site import free_port


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def providers(folder, site: str) -> Iterator[tuple[Desk, PayEaseDesk, dict[str, str]]]:
    """Both providers over HTTP with their senders at work, and the settings by which a site finds them. 首信易支付
    notifies the `site`, an address without a path."""
    port, stop = free_port(), threading.Event()
    base = f"http://127.0.0.1:{port}"
    alipay = Desk(demonstration.alipay(folder, base))
    payease = PayEaseDesk(demonstration.payease(folder, base, site))
    desks = (alipay, payease)
    sending = [threading.Thread(target=sender.run, args=(desk, now, stop)) for desk in desks]
    with serving(Site(alipay, now, payease), port):
        for each in sending:
            each.start()
        yield alipay, payease, demonstration.settings_of_the_site(folder, base)
        stop.set()
        for each in sending:
            each.join()
    for desk in desks:
        desk.close()


@contextmanager
def provider(folder) -> Iterator[tuple[Desk, dict[str, str]]]:
    """支付宝 alone is of interest, and 首信易支付's notifications reach nobody."""
    with providers(folder, "http://127.0.0.1:9") as (alipay, _, settings):
        yield alipay, settings

"""Bench 4: home page and capacity lights against a bare view in the same server; rounds alternate.

Client and server share the machine's cores, so besides requests a second the server's own CPU a request is compared.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from tests.bench import cpu
from tests.bench.client import Visitor
from tests.site import Site

ROUNDS, SECONDS, LINES = 3, 4.0, 4
PATHS = {"home page": "/", "home page, 304": "/", "capacity lights": "/lights/993010/"}


def run() -> list[dict[str, object]]:
    """A row for each of the pages."""
    from django.core.management import call_command

    from baokao.core import clock
    from baokao.sandbox import data
    from tests import cast

    call_command("flush", interactive=False, verbosity=0)
    cast.ensure_reference_data()
    data.load(clock.now())
    site = Site("tests.bench.bare:application", workers=2, threads=2)
    try:
        rounds = [
            {what: _load(site, what, path) for what, path in (PATHS | {"bare": "/bare/"}).items()}
            for _ in range(ROUNDS)
        ]
    finally:
        site.stop()
    return [_row(what, rounds) for what in PATHS]


def _row(what: str, rounds: list[dict[str, tuple[float, float]]]) -> dict[str, object]:
    rate, ms = (median(found[what][part] for found in rounds) for part in (0, 1))
    bare_rate, bare_ms = (median(found["bare"][part] for found in rounds) for part in (0, 1))
    ratio = median(found[what][0] / found["bare"][0] for found in rounds)
    by_cpu = median(found["bare"][1] / found[what][1] for found in rounds)
    return {
        "bench": what, "ours": f"{rate:.0f}/s, {ms:.2f} ms CPU",
        "against": f"{bare_rate:.0f}/s, {bare_ms:.2f} ms bare view",
        "ratio": f"{ratio:.2f} ({by_cpu:.2f} by CPU)", "goal": "≥ 0.6",
    }  # fmt: skip


def _load(site: Site, what: str, path: str) -> tuple[float, float]:
    """Requests a second, and the server's CPU milliseconds a request."""

    def line(_: int) -> int:
        visitor, done = Visitor(site.url), 0
        visitor.extra["Accept-Encoding"] = "gzip"
        visitor.get(path)
        if "304" in what:
            visitor.extra["If-None-Match"] = visitor.headers["etag"]
        while time.monotonic() < until:
            visitor.get(path)
            if "304" in what and visitor.status == 200:
                # The countdown moved on: ask about the new page from now on, as a browser does.
                visitor.extra["If-None-Match"] = visitor.headers["etag"]
            done += 1
        visitor.close()
        return done

    until, before, begun = time.monotonic() + SECONDS, cpu.spent(site), time.monotonic()
    with ThreadPoolExecutor(LINES) as pool:
        done = sum(pool.map(line, range(LINES)))
    seconds, used = time.monotonic() - begun, (cpu.spent(site) - before).web
    return done / seconds, used / done * 1000

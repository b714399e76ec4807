"""Visitors who walk through the journey while something else is measured, and how long each page took them."""

import threading
import time
from itertools import count
from statistics import quantiles

from tests.bench import journey
from tests.bench.client import Visitor
from tests.site import Site

WALKERS, VISITORS = 4, 1000
# Seconds that a visitor looks at a page before asking for the next.
LOOKING = 0.1
# Seconds of walking before a page counts: the first pages of a process take seconds when the machine is busy.
WARMING = 10.0

Page = tuple[str, float]


class Walkers:
    """So many visitors at a time, one after the other, until the block ends. `journey.stage(VISITORS)` has made the
    records that they look up. A page that fails, or a want of visitors, is raised at the end."""

    def __init__(self, site: Site, walkers: int = WALKERS) -> None:
        self._site, self._numbers, self._stop = site, count(), threading.Event()
        self._pages: list[Page] = []
        self._failures: list[Exception] = []
        self._threads = [threading.Thread(target=self._walk) for _ in range(walkers)]

    def __enter__(self) -> "Walkers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if self._failures and raised[0] is None:
            raise self._failures[0]

    def take(self) -> list[Page]:
        """The pages since the last time, with the seconds that each took."""
        taken, self._pages = self._pages, []
        return taken

    def _walk(self) -> None:
        try:
            while not self._stop.is_set():
                self._through_the_journey(next(self._numbers))
        except Exception as failed:
            self._failures.append(failed)

    def _through_the_journey(self, number: int) -> None:
        if number >= VISITORS:
            raise LookupError("there were too few visitors")
        visitor = Visitor(self._site.url)
        try:
            for name, step in journey.steps().items():
                begun = time.perf_counter()
                step(visitor, number)
                self._pages.append((name, time.perf_counter() - begun))
                if self._stop.wait(LOOKING):
                    return
        finally:
            visitor.close()


def told(pages: list[Page]) -> str:
    """Milliseconds of the middle one, of the hundredth slowest in a hundred, and of the slowest with its name."""
    seconds = [taken for _, taken in pages]
    percentiles = quantiles(seconds, n=100)
    name, slowest = max(pages, key=lambda page: page[1])
    middle, late = percentiles[49] * 1000, percentiles[98] * 1000
    return f"{middle:.0f}, p99 {late:.0f}, slowest {slowest * 1000:.0f} ms of {len(pages)} ({name})"

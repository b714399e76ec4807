"""The worker's loops: small works done over and over, each in a thread of its own, none able to stop another."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from django.conf import settings
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from baokao.core import clock, watch
from baokao.core.audit import sealer
from baokao.core.logs import place
from baokao.core.outbox import deliver

log = structlog.get_logger("baokao.loops")

BEAT_SECONDS = 5.0
LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Loop:
    """A work that is called every `every` seconds; True asks for another round at once. `behind` tells its lag in
    seconds. An operator hears of it (`baokao check`) after `silent` seconds without a round, or `late` seconds behind.
    """

    name: str
    every: float
    work: Callable[[], bool]
    behind: Callable[[], float]
    silent: float = 30.0
    late: float = 60.0


def seal() -> bool:
    """One seal; again at once while a full batch was waiting."""
    link = sealer.seal_once(clock.now())
    return link is not None and link.count >= sealer.BATCH


def send(lane: deliver.Lane) -> bool:
    """One batch of a lane of the outbox; again at once while it was full."""
    return deliver.deliver_batch(lane=lane) == deliver.BATCH


LOOPS = (
    Loop("sealer", 1.0, seal, lambda: sealer.behind(clock.now())),
    Loop("outbox", 1.0, partial(send, deliver.Lane.FIRST), lambda: watch.backlog(clock.now()).outbox_age),
    Loop("outbox awaited", 0.2, partial(send, deliver.Lane.AWAITED), lambda: 0.0),
    Loop("outbox again", 2.0, partial(send, deliver.Lane.AGAIN), lambda: 0.0),
)


def all_loops() -> tuple[Loop, ...]:
    """The house's own loops, and those of the apps that settings name."""
    named = [import_string(path) for path in settings.WORKER_LOOPS]
    return LOOPS + tuple(loop for loops in named for loop in loops)


def start(stop: threading.Event, loops: tuple[Loop, ...] = LOOPS) -> list[threading.Thread]:
    """Start a thread for each loop; they end after `stop` is set, each when its round is done."""
    threads = [threading.Thread(target=run, args=(loop, stop), name=loop.name, daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    return threads


def run(loop: Loop, stop: threading.Event) -> None:
    """Call the work until `stop`. An error is logged and waited out, longer each time in a row, at most 30 s."""
    failures, beaten = 0, float("-inf")
    try:
        while not stop.is_set():
            try:
                close_old_connections()
                again = loop.work()
                if time.monotonic() - beaten >= BEAT_SECONDS:
                    watch.beat(loop.name, loop.behind(), clock.now())
                    beaten = time.monotonic()
                failures = 0
            except Exception as failed:
                failures += 1
                log.error("loop.failed", loop=loop.name, error=place(failed), in_a_row=failures)
                again = False
                # A connection that died with the database is of no use to the next round.
                connection.close()
            if not again:
                stop.wait(min(loop.every * 2 ** min(failures, 10), LONGEST_PAUSE))
    finally:
        connection.close()

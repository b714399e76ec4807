"""Real transactions in every order in which their beginnings and commits can fall.

Each deed runs in a thread and on a connection of its own and stands still at a fault point, with everything written and
nothing committed, until the order lets it go on. One that waits for another's lock, or ends by itself, doesn't stand.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import permutations

from django.db import connection

from baokao.core import faults
from baokao.core.verdict import RefusedError

Deed = Callable[[], object]
Step = tuple[str, str]
_SECONDS = 20
_here = threading.local()


def all_orders(names: Sequence[str]) -> Iterator[tuple[Step, ...]]:
    """Every order of the names' beginnings and commits; nobody commits before beginning."""
    steps = [(step, name) for name in names for step in ("begin", "commit")]
    for order in permutations(steps):
        if all(order.index(("begin", name)) < order.index(("commit", name)) for name in names):
            yield order


class Actor:
    """One deed on its way."""

    def __init__(self, deed: Deed, point: str) -> None:
        self.deed, self.point = deed, point
        self.standing, self.may_commit = threading.Event(), threading.Event()
        self.backend = 0
        self.outcome: Future[object] | None = None

    def run(self) -> object:
        _here.actor = self
        try:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid
            return self.deed()
        except RefusedError as refused:
            return refused
        finally:
            connection.close()

    def settled(self) -> bool:
        """It hasn't begun, has ended, stands at its point, or waits for somebody's lock."""
        if self.outcome is None or self.outcome.done():
            return True
        return (self.standing.is_set() and not self.may_commit.is_set()) or self._waits()

    def _waits(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", [self.backend]
            )
            return bool(cursor.fetchone()[0])


def stand(name: str) -> None:
    """What `faults.point` does meanwhile."""
    actor: Actor | None = getattr(_here, "actor", None)
    if actor is not None and actor.point == name:
        actor.standing.set()
        assert actor.may_commit.wait(_SECONDS)


def play(order: Sequence[Step], deeds: dict[str, tuple[Deed, str]]) -> dict[str, object]:
    """What each deed came to in this order: its result, or the RefusedError that it raised."""
    assert faults.point is stand, "faults.point is to be replaced by stand"
    actors = {name: Actor(*deed) for name, deed in deeds.items()}
    with ThreadPoolExecutor(len(actors)) as pool:
        for step, name in order:
            if step == "begin":
                actors[name].outcome = pool.submit(actors[name].run)
            else:
                actors[name].may_commit.set()
            _wait_for(actors.values())
    return {name: actor.outcome.result(_SECONDS) for name, actor in actors.items() if actor.outcome}


def _wait_for(actors) -> None:
    deadline = time.monotonic() + _SECONDS
    while not all(actor.settled() for actor in actors):
        assert time.monotonic() < deadline, "a deed neither stands nor waits nor ends"
        time.sleep(0.001)

"""Remembering an answer for a moment in each process, for what everybody reads and hardly anybody changes."""

import threading
import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_remembered: list[dict[Any, Any]] = []


def brief(seconds: float = 1.0, most: int = 2000) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember what a function of hashable arguments answered, for at most `seconds` and at most `most` arguments.

    While one thread asks anew, others go on with the answer before for as long again: an expired answer never lets a
    whole opening minute fall on the database at once, and none is ever older than twice `seconds`. An exception is not
    remembered.
    """

    def remember(function: Callable[P, R]) -> Callable[P, R]:
        known: dict[Hashable, tuple[float, R]] = {}
        asking: set[Hashable] = set()
        lock = threading.Lock()
        _remembered.append(known)

        @wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            key = (args, tuple(sorted(kwargs.items())))
            found = known.get(key)
            started = time.monotonic()
            if found and started - found[0] < seconds:
                return found[1]
            with lock:
                if found and started - found[0] < 2 * seconds and key in asking:
                    return found[1]
                asking.add(key)
            try:
                fresh = function(*args, **kwargs)
                if len(known) >= most:
                    known.clear()
                # An answer is as old as the question: what changed while it was being found out may not be in it.
                known[key] = (started, fresh)
                return fresh
            finally:
                asking.discard(key)

        return answer

    return remember


def forget_all() -> None:
    """Forget every answer, after a test changed what lies beneath."""
    for known in _remembered:
        known.clear()

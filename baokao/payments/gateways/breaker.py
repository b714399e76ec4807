"""A circuit breaker: a provider that is down is not waited for by everybody, again and again (proof b10)."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from baokao.payments.gateways.contract import Unknown


class Breaker:
    """Closed, it lets calls through. After `failures` in a row it opens: for `pause` seconds each call is `Unknown` at
    once. Then a single call is let through as a probe: its success closes the breaker, its failure opens it again.

    One a provider and process; several threads share it.
    """

    def __init__(
        self, provider: str, failures: int = 5, pause: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._provider, self._most, self._pause, self._clock = provider, failures, pause, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until: float | None = None
        self._probing = False

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Around one call. `Unknown` without the call while open; any exception of the call is a failure."""
        probe = self._enter()
        succeeded = False
        try:
            yield
            succeeded = True
        finally:
            self._leave(probe, succeeded)

    def _enter(self) -> bool:
        with self._lock:
            if self._open_until is None:
                return False
            if self._probing or self._clock() < self._open_until:
                raise Unknown(f"{self._provider} failed {self._failed} times in a row; it is left alone for a moment.")
            self._probing = True
            return True

    def _leave(self, probe: bool, succeeded: bool) -> None:
        with self._lock:
            if probe:
                self._probing = False
            elif self._open_until is not None:
                # It began before the breaker opened; only the probe says how things are now.
                return
            if succeeded:
                self._failed, self._open_until = 0, None
                return
            self._failed += 1
            if probe or self._failed >= self._most:
                self._open_until = self._clock() + self._pause

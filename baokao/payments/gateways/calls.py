"""A call to a provider: breaker, time for everything together, and another try where a second one does no harm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import BinaryIO, TypeVar

from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.contract import TooLong, Unknown
from baokao.payments.gateways.http import Deadline, Request, Transport

TRIES = 2
# A bill of a million lines is some 50 MB; nobody waits for it but the job that fetches it.
DOWNLOAD_SECONDS = 600.0
DOWNLOAD_BYTES = 512 * 1024 * 1024

Read = TypeVar("Read")

_together: ContextVar[Deadline | None] = ContextVar("together", default=None)


@contextmanager
def together(seconds: float) -> Iterator[None]:
    """All calls made inside take `seconds` at most, however many they are: for a page, behind which a person and one of
    the few threads of a web process wait (proof b10). What comes too late in it is `Unknown` without a call."""
    mark = _together.set(Deadline(seconds))
    try:
        yield
    finally:
        _together.reset(mark)


class Caller:
    """How an adapter reaches its provider; tests give it another transport."""

    def __init__(self, transport: Transport, breaker: Breaker, seconds: float) -> None:
        self._transport, self._breaker, self._seconds = transport, breaker, seconds

    def deadline(self) -> Deadline:
        """The time that a call may take from now on; an adapter hands it to `ask` when one call takes two."""
        return _together.get() or Deadline(self._seconds)

    def ask(
        self, request: Request, read: Callable[[bytes], Read], repeat: bool, deadline: Deadline | None = None
    ) -> Read:
        """The answer as `read` makes it of the body; `read` raises `Unknown` for what can't be believed, which counts
        as a failure of the provider. With `repeat` an unknown outcome is asked for once more while time is left."""
        deadline = deadline or self.deadline()
        # That no time was left for it says nothing about the provider, so the breaker doesn't hear of it.
        deadline.left()
        for last in [False] * (TRIES - 1 if repeat else 0) + [True]:
            try:
                with self._breaker.guard():
                    return read(self._transport.exchange(request, deadline))
            except Unknown as unknown:
                if last or isinstance(unknown, TooLong):
                    raise
        raise AssertionError("The last try returns or raises.")

    def download(self, url: str, into: BinaryIO) -> None:
        """Write a file of the provider's into ours, once. `Unknown` when it is too long or takes too long."""
        with self._breaker.guard():
            self._transport.download(url, into, DOWNLOAD_BYTES, Deadline(DOWNLOAD_SECONDS))

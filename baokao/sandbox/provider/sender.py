"""Sends what is due: asks the desk, sends, reports. A test with a virtual clock does the same in three lines."""

import http.client
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Protocol

SECONDS = 10.0
PAUSE = 0.1
AT_ONCE = 16
_FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}


class Delivery(Protocol):
    """A form to be posted, or, without a body, an address to be asked for."""

    @property
    def id(self) -> int: ...
    @property
    def url(self) -> str: ...
    @property
    def body(self) -> bytes | None: ...


class Notifier(Protocol):
    """Any protocol's desk that notifies."""

    def due(self, now: datetime, limit: int = ...) -> Any: ...
    def report(self, notice_id: int, status: int | None, answer: bytes, now: datetime) -> None: ...


def run(desk: Notifier, clock: Callable[[], datetime], stop: threading.Event) -> None:
    """Send until `stop` is set, several at once, so that one slow merchant delays nobody else."""
    with ThreadPoolExecutor(AT_ONCE, "sender") as pool:
        running: set[Future[None]] = set()
        while not stop.is_set():
            over = {one for one in running if one.done()}
            running -= over
            for one in over:
                one.result()
            taken = desk.due(clock(), AT_ONCE - len(running)) if len(running) < AT_ONCE else []
            running |= {pool.submit(_send, desk, delivery, clock) for delivery in taken}
            if not taken:
                stop.wait(PAUSE)


def _send(desk: Notifier, delivery: Delivery, clock: Callable[[], datetime]) -> None:
    status, answer = send(delivery)
    desk.report(delivery.id, status, answer, clock())


def send(delivery: Delivery) -> tuple[int | None, bytes]:
    """POST or GET; status and first bytes of the answer, or None when there was no answer. Follows no redirect."""
    request = urllib.request.Request(  # noqa: S310 (the gateway took http and https only)
        delivery.url,
        delivery.body,
        {"User-Agent": "Mozilla/4.0"} | ({} if delivery.body is None else _FORM),
    )
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return answer.status, answer.read(1000)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, b""
    except (OSError, ValueError, http.client.HTTPException):
        return None, b""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)

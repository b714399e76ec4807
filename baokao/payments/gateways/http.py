"""One exchange with a provider over HTTP, bounded in time and size whatever the other side does (proof b10).

Each exchange has a connection of its own: a kept one may have died meanwhile, and a refund must not be sent twice to
find that out. Nothing is repeated and no redirect is followed here. Hosts come from the settings, never from a request.
"""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

import httpcore

from baokao.payments.gateways.contract import TooLong, Unknown

CONNECT_SECONDS = 1.0
ANSWER_BYTES = 1024 * 1024

# The system's resolver can't be told to give up, so it is waited for from outside. Two threads, since a resolver that
# hangs should take the circuit breaker with it and not the machine's memory.
_resolver = ThreadPoolExecutor(max_workers=2, thread_name_prefix="resolve")


class Deadline:
    """The end of a call: all its parts together take no longer than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """The seconds left, at most `most`. `Unknown` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unknown("The provider took too long.")
        return left if most is None else min(left, most)


@dataclass(frozen=True)
class Request:
    """What is sent: a form in UTF-8 when there is a body, else a GET."""

    url: str
    body: bytes | None = None


class Transport(Protocol):
    """How requests travel. Both verbs raise `Unknown` for anything but a whole answer with status 200."""

    def exchange(self, request: Request, deadline: Deadline) -> bytes: ...

    def download(self, url: str, into: BinaryIO, most: int, deadline: Deadline) -> None: ...


class Wire:
    """The real network. Certificates are checked against the system's; there is no setting that stops it."""

    def __init__(self, answer_bytes: int = ANSWER_BYTES) -> None:
        self._ssl = ssl.create_default_context()
        self._answer_bytes = answer_bytes

    def exchange(self, request: Request, deadline: Deadline) -> bytes:
        """The body of the answer."""
        return b"".join(self._pieces(request, self._answer_bytes, deadline))

    def download(self, url: str, into: BinaryIO, most: int, deadline: Deadline) -> None:
        """Write what is at the address into a file, `most` bytes at most."""
        for piece in self._pieces(Request(url), most, deadline):
            into.write(piece)

    def _pieces(self, request: Request, most: int, deadline: Deadline) -> Iterator[bytes]:
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("Accept", "*/*"),
            ("User-Agent", "baokao"),
            ("Connection", "close"),
        ]
        if request.body is not None:
            headers.append(("Content-Type", "application/x-www-form-urlencoded;charset=utf-8"))
        method = "GET" if request.body is None else "POST"
        with (
            _as_unknown(),
            httpcore.ConnectionPool(self._ssl, network_backend=_InTime(deadline)) as pool,
            pool.stream(method, request.url, headers=headers, content=request.body) as answer,
        ):
            if answer.status != 200:
                raise Unknown(f"The provider answered with status {answer.status}.")
            length = 0
            for piece in answer.iter_stream():
                length += len(piece)
                if length > most:
                    raise TooLong(f"The provider's answer is longer than {most} bytes.")
                yield piece


@contextlib.contextmanager
def _as_unknown() -> Iterator[None]:
    try:
        yield
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.TimeoutException,
        httpcore.UnsupportedProtocol,
        OSError,
    ) as failed:
        # The class alone: messages may hold addresses with parameters.
        raise Unknown(f"The provider could not be reached ({type(failed).__name__}).") from failed


class _InTime(httpcore.NetworkBackend):
    """Connections that share one deadline, however slowly the other side drips."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        connecting = Deadline(self._deadline.left(CONNECT_SECONDS))
        failed: httpcore.NetworkError | httpcore.TimeoutException = httpcore.ConnectError("No address.")
        for address in _addresses(host, port, connecting):
            try:
                opened = httpcore.SyncBackend().connect_tcp(address, port, timeout=connecting.left())
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                failed = refused
            else:
                return _StreamInTime(opened, self._deadline)
        raise failed


class _StreamInTime(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In pieces, since the system takes a large body a little at a time and each time begins the time-out anew.
        for start in range(0, len(buffer), 4096):
            self._stream.write(buffer[start : start + 4096], self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _StreamInTime(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _addresses(host: str, port: int, deadline: Deadline) -> list[str]:
    asked = _resolver.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = asked.result(timeout=deadline.left())
    finally:
        asked.cancel()
    return list(dict.fromkeys(str(address[0]) for *_, address in found))

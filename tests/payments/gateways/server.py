"""A provider that misbehaves on purpose: a real socket server on this machine that says what a test tells it to."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Behaviour = Callable[[socket.socket, threading.Event], None]


class Server:
    """`behave` gets each connection once its request has come in, and an event that says when the test is over."""

    def __init__(self, behave: Behaviour) -> None:
        self._behave = behave
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.requests: list[bytes] = []
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/gateway.do"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                talk, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(talk,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, talk: socket.socket) -> None:
        with talk, contextlib.suppress(OSError):
            self.requests.append(_request(talk))
            self._behave(talk, self._over)

    def close(self) -> None:
        self._over.set()
        # Shutting down, unlike closing, wakes the thread that waits for a connection.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)


@contextlib.contextmanager
def serving(behave: Behaviour) -> Iterator[Server]:
    server = Server(behave)
    try:
        yield server
    finally:
        server.close()


def says(*pieces: bytes) -> Behaviour:
    """Send these, then hang up."""

    def behave(talk: socket.socket, over: threading.Event) -> None:
        for piece in pieces:
            talk.sendall(piece)

    return behave


def drips(before: bytes, piece: bytes, every: float) -> Behaviour:
    """Send something, then a little at a time for ever."""

    def behave(talk: socket.socket, over: threading.Event) -> None:
        talk.sendall(before)
        while not over.wait(every):
            talk.sendall(piece)

    return behave


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _request(talk: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(talk)
    head, _, body = received.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            while len(body) < int(line.partition(b":")[2]):
                body += _more(talk)
    return head + b"\r\n\r\n" + body


def _more(talk: socket.socket) -> bytes:
    if more := talk.recv(65536):
        return more
    raise ConnectionError("The client hung up.")

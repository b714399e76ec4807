"""HTTP for the provider, on the standard library's server: it has to break off in the middle of an answer when a test
asks for it, which a server made for production refuses to do."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from baokao.sandbox.provider.http import Answer, Request, pairs

LARGEST_BODY = 256 * 1024
FORM = "application/x-www-form-urlencoded"

App = Callable[[Request], Answer]


class Server(ThreadingHTTPServer):
    """Listens on this machine only; a thread a connection."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, app: App, port: int) -> None:
        """`port` 0 takes a free one. Raises `OSError` if the port is in use."""
        self.app = app
        super().__init__(("127.0.0.1", port), Conversation)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


@contextmanager
def serving(app: App, port: int = 0) -> Iterator[Server]:
    """Serve for as long as the block lasts."""
    with Server(app, port) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), name="provider", daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


class Conversation(BaseHTTPRequestHandler):
    """One client's requests."""

    protocol_version = "HTTP/1.1"
    # Head and body leave in two writes; without this the second would wait for the first one's acknowledgement.
    disable_nagle_algorithm = True
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the books tell what happened."""

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._send(Answer(413, b"too large\n", "text/plain"))
            return
        body = self.rfile.read(int(length))
        try:
            address = urlsplit(self.path)
            form = pairs(body.decode("utf-8", "replace")) if FORM in self.headers.get("Content-Type", "") else ()
            request = Request(self.command, unquote(address.path), pairs(address.query), form, body, address.query)
        except ValueError:
            self._send(Answer(400, b"not understood\n", "text/plain"))
            return
        self._send(self.server.app(request))

    def _send(self, answer: Answer) -> None:
        mishap = answer.mishap
        if mishap and mishap.kind == "drop":
            # A client that is to run into its own time-out waits these seconds for nothing.
            time.sleep(mishap.seconds)
            self._hang_up()
            return
        if mishap and mishap.kind == "late":
            time.sleep(mishap.seconds)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if mishap and mishap.kind == "half":
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self._hang_up()
            return
        self.wfile.write(answer.body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

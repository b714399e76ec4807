"""A mail server that keeps what it gets and sends nothing on: as much of SMTP as a sender needs, on 127.0.0.1."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from baokao.core import clock
from baokao.sandbox import mailbox

LONGEST_LINE = 8192
LARGEST_MAIL = 10 * 1024 * 1024
SECONDS = 60


class Catcher(socketserver.ThreadingTCPServer):
    """Listens; a thread a connection."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, folder: Path) -> None:
        """`port` 0 takes a free one. Raises `OSError` if the port is in use."""
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(("127.0.0.1", port), Conversation)


@contextmanager
def catching(port: int, folder: Path) -> Iterator[Catcher]:
    """Catch mails for as long as the block lasts."""
    with Catcher(port, folder) as catcher:
        threading.Thread(target=catcher.serve_forever, name="smtp", daemon=True).start()
        try:
            yield catcher
        finally:
            catcher.shutdown()


class Conversation(socketserver.StreamRequestHandler):
    """One client's talk (RFC 5321)."""

    timeout = SECONDS
    server: Catcher

    def handle(self) -> None:
        """Answer command after command until QUIT or silence."""
        self.recipients: list[str] = []
        self._say(220, "baokao demonstration")
        try:
            while line := self.rfile.readline(LONGEST_LINE):
                words = line.decode("utf-8", "replace").strip()
                if not self._answer(words[:4].upper(), words):
                    return
        except (TimeoutError, ConnectionError):
            return

    def _answer(self, verb: str, words: str) -> bool:
        """Answer one command; False ends the talk."""
        if verb in ("HELO", "EHLO"):
            self._say(250, "baokao")
        elif verb in ("MAIL", "RSET"):
            self.recipients = []
            self._say(250, "ok")
        elif verb == "RCPT":
            self.recipients.append(words.partition(":")[2].strip().split(" ")[0].strip("<>"))
            self._say(250, "ok")
        elif verb == "DATA":
            return self._take_mail()
        elif verb == "NOOP":
            self._say(250, "ok")
        elif verb == "QUIT":
            self._say(221, "bye")
            return False
        else:
            self._say(502, "unknown command")
        return True

    def _take_mail(self) -> bool:
        if not self.recipients:
            self._say(503, "no recipient")
            return True
        self._say(354, "end with a dot")
        lines: list[bytes] = []
        size = 0
        while (line := self.rfile.readline(LONGEST_LINE)) not in (b".\r\n", b".\n"):
            size += len(line)
            if not line or size > LARGEST_MAIL:
                return False
            # A dot that begins a line was doubled by the sender.
            lines.append(line[1:] if line.startswith(b"..") else line)
        mailbox.keep(self.server.folder, b"".join(lines), self.recipients, clock.now())
        self._say(250, "kept")
        return True

    def _say(self, code: int, text: str) -> None:
        self.wfile.write(f"{code} {text}\r\n".encode())

"""A client that writes its bytes itself, as long, as odd and as slowly as it likes."""

import socket
import time
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

# How long an answer may take before it counts as none.
PATIENCE = 20.0


@dataclass(frozen=True)
class Said:
    """What came back: the status (0 if the line was closed without a word), everything as text, and how much of the
    request had been taken by then."""

    status: int
    text: str
    taken: int = 0
    seconds: float = 0.0


def open_line(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname or "", address.port or 80), timeout=PATIENCE)


def head(method: str, path: str, url: str, *lines: str) -> bytes:
    """The head of a request, each line as given."""
    host = urlsplit(url).netloc
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *lines, "", ""]).encode()


def say(url: str, start: bytes, piece: bytes = b"", pieces: int = 0) -> Said:
    """Send the start and then the piece so many times, stopping once an answer or the end comes."""
    began, taken = time.monotonic(), 0
    with closing(open_line(url)) as line:
        try:
            line.sendall(start)
            for _ in range(pieces):
                if _has_word(line):
                    break
                line.sendall(piece)
                taken += len(piece)
        except (ConnectionError, TimeoutError):
            # Who closes on a client that still talks has refused it; the answer may lie in the line all the same.
            pass
        return heard(line, taken, began)


def heard(line: socket.socket, taken: int = 0, began: float = 0.0) -> Said:
    """Read until the end of the line."""
    found = b""
    try:
        while len(found) < 1 << 20 and (more := line.recv(65536)):
            found += more
    except (ConnectionError, TimeoutError):
        pass
    first = found.split(b"\r\n", 1)[0].split()
    status = int(first[1]) if len(first) > 1 and first[1].isdigit() else 0
    return Said(status, found.decode("utf-8", "replace"), taken, time.monotonic() - began if began else 0.0)


def _has_word(line: socket.socket) -> bool:
    """Whether something has come that can be read without waiting."""
    line.setblocking(False)
    try:
        return line.recv(1, socket.MSG_PEEK) is not None
    except BlockingIOError:
        return False
    finally:
        line.settimeout(PATIENCE)

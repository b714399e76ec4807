"""The demonstration's ports, asked for before anything starts."""

import socket
import time

from baokao.sandbox.database.trouble import Trouble, port_taken


def refuse_taken(*ports: int, patience: float = 0.0) -> None:
    """Raise `Trouble` for the first port that another program listens on, still after `patience` seconds.

    A killed process lets go of its memory, by which it is known, a moment before its sockets.
    """
    deadline = time.monotonic() + patience
    for port in ports:
        while not _is_free(port):
            if time.monotonic() >= deadline:
                raise port_taken(port)
            time.sleep(0.05)


def _is_free(port: int) -> bool:
    with socket.socket() as asked:
        # As servers do, so that a connection that has just been closed is no obstacle.
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", port))
        except PermissionError:
            raise Trouble(f"Port {port} is not for ordinary users; choose another: BAOKAO_PORT=8000") from None
        except OSError:
            return False
    return True

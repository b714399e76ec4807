"""The demonstration's ports, asked for before anything starts."""

import socket

from baokao.sandbox.database.trouble import Trouble, port_taken


def refuse_taken(*ports: int) -> None:
    """Raise `Trouble` for the first port that another program listens on."""
    for port in ports:
        with socket.socket() as asked:
            # As servers do, so that a connection that has just been closed is no obstacle.
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                asked.bind(("127.0.0.1", port))
            except PermissionError:
                raise Trouble(f"Port {port} is not for ordinary users; choose another: BAOKAO_PORT=8000") from None
            except OSError:
                raise port_taken(port) from None

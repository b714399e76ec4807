"""What can go wrong with the embedded database, in plain sentences."""

import errno
from pathlib import Path

# A new cluster takes about 40 MB, and PostgreSQL keeps some write-ahead log beside it.
ROOM = 300 * 1024 * 1024


class Trouble(Exception):
    """The database can't be had; the message is a sentence for the person at the terminal."""


def explain(output: str, data: Path, port: int | None) -> Trouble:
    """Turn what PostgreSQL printed into the sentence that helps."""
    low = output.lower()
    if "no space left on device" in low or "disk quota exceeded" in low:
        return full(data)
    if "address already in use" in low and port:
        return port_taken(port)
    if "cannot be run as root" in low:
        return Trouble("PostgreSQL refuses to run as root here, and this machine lets root become nobody else.")
    if "permission denied" in low:
        return Trouble(f"数据文件夹 {data} 没有访问权限: The folder can't be used by this user:\n{_tail(output)}")
    if "incompatible with server" in low:
        return Trouble(
            f"{data} was made by another version of PostgreSQL. Move it away, or set BAOKAO_DATA to another folder."
        )
    return Trouble(f"The embedded database did not start. Its last words:\n{_tail(output)}")


def full(data: Path) -> Trouble:
    """The disk has no room."""
    return Trouble(f"磁盘空间不足: The disk that holds {data} is full; the database needs about 300 MB.")


def port_taken(port: int) -> Trouble:
    """Another program listens where the database should."""
    return Trouble(
        f"端口 {port} 已被占用: Port {port} is in use by another program. Stop it, or choose other ports:"
        " BAOKAO_PORT=8100 make demo"
    )


def of_system(failed: OSError, data: Path) -> Trouble:
    """An error of the operating system while handling the data folder."""
    if failed.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(data)
    return Trouble(f"The data folder {data} can't be used: {failed.strerror} ({failed.filename}).")


def _tail(output: str) -> str:
    return "\n".join(output.strip().splitlines()[-8:])

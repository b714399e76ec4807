"""证明材料: what is handed in is decoded and encoded anew, so that nothing of the file itself is kept or served."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page of proof: a JPEG of our own making, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int

"""One hash over many rows, from which a single changed, missing or added row makes another."""

import hashlib
from collections.abc import Iterable

EMPTY = hashlib.sha256(b"").digest()


def leaf(content: bytes) -> bytes:
    """The hash of one row. Leaves and inner nodes are told apart by a first byte (RFC 6962)."""
    return hashlib.sha256(b"\x00" + content).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The hash of all leaves in their order; an odd last one is carried up as it is."""
    level = list(leaves)
    if not level:
        return EMPTY
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]

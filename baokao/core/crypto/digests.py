"""Keyed digests: how a sealed identifier is found again and kept unique. The text must come normalised."""

import hmac
from functools import lru_cache

from baokao.core.crypto.keys import keyring

LENGTH = 33


def digest(purpose: str, text: str) -> bytes:
    """The digest under the current key: key id (1 byte) and HMAC-SHA256 (32 bytes).

    Digests of one purpose can be compared across tables; those of two purposes never match.
    """
    return _under(keyring("digest").current, purpose, text)


def digests(purpose: str, text: str) -> list[bytes]:
    """The digests under every key, current first: look-ups ask for all of them while a rotation is under way."""
    return [_under(key_id, purpose, text) for key_id in keyring("digest").newest_first()]


def _under(key_id: int, purpose: str, text: str) -> bytes:
    state = _begun(keyring("digest").key(key_id), purpose).copy()
    state.update(text.encode())
    return bytes((key_id,)) + state.digest()


@lru_cache(maxsize=64)
def _begun(key: bytes, purpose: str) -> hmac.HMAC:
    """What all digests of a purpose begin with, worked out once. Only copies of it are gone on with."""
    return hmac.new(key, purpose.encode() + b"\x00", "sha256")

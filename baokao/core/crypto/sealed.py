"""Sealing a short text with AES-256-GCM.

A sealed text is: algorithm (1 byte) | key id (1 byte) | nonce (12 bytes) | ciphertext and tag. What it belongs to,
table and column and the row's digest, is authenticated with it: a value moved to another row or column does not open.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baokao.core.crypto.keys import keyring

AES_256_GCM = 1
_NONCE = 12
_HEAD = 2 + _NONCE


class Unsealable(ValueError):
    """A sealed text that does not open: altered, moved to another place, or not a sealed text at all."""


def seal(text: str, context: str, digest: bytes) -> bytes:
    """Seal a text under the current key for one place: `context` is table.column, `digest` that of its row."""
    return seal_bytes(text.encode(), context, digest)


def seal_bytes(content: bytes, context: str, digest: bytes) -> bytes:
    """Seal anything, as `seal` does a text."""
    ring = keyring("seal")
    nonce = os.urandom(_NONCE)
    sealed = _cipher(ring.key(ring.current)).encrypt(nonce, content, _place(context, digest))
    return bytes((AES_256_GCM, ring.current)) + nonce + sealed


def unseal(blob: bytes | memoryview, context: str, digest: bytes | memoryview) -> str:
    """The text again. `Unsealable` when it was altered or belongs elsewhere, `UnknownKey` when its key is gone."""
    return unseal_bytes(blob, context, digest).decode()


def unseal_bytes(blob: bytes | memoryview, context: str, digest: bytes | memoryview) -> bytes:
    """What `seal_bytes` sealed, again; errors as those of `unseal`."""
    blob = bytes(blob)
    if len(blob) < _HEAD or blob[0] != AES_256_GCM:
        raise Unsealable("not a sealed text")
    cipher = _cipher(keyring("seal").key(blob[1]))
    try:
        return cipher.decrypt(blob[2:_HEAD], blob[_HEAD:], _place(context, bytes(digest)))
    except InvalidTag:
        raise Unsealable("altered, or sealed for another place") from None


def key_id(blob: bytes | memoryview) -> int:
    """The key that a sealed text was written under."""
    return bytes(blob[1:2])[0]


def _place(context: str, digest: bytes) -> bytes:
    return context.encode() + b"|" + digest


@lru_cache(maxsize=32)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)

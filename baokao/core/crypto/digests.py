"""Keyed digests: how a sealed identifier is found again and kept unique. The text must come normalised."""

import hmac

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
    message = purpose.encode() + b"\x00" + text.encode()
    return bytes((key_id,)) + hmac.digest(keyring("digest").key(key_id), message, "sha256")

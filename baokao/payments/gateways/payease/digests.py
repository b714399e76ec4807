"""The two proofs of the protocol: HMAC-MD5 with the shared key, and the operator's RSA signature.

Messages are joined without separators, so text can move between neighbouring fields without changing a digest. Hence
every field has a strict form of its own, and no digest alone proves money.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_SIGNATURE = re.compile(r"[0-9A-Fa-f]{256}")


def mac(key: bytes, *parts: str) -> str:
    """The digest of the joined parts, which are ASCII."""
    return _mac(key, "".join(parts).encode("ascii"))


def proves(keys: Sequence[bytes], messages: Iterable[bytes], digest: str) -> bool:
    """Whether one of the keys made this digest of one of the messages, its letters in any case. All are tried, so that
    the time tells nothing."""
    told = digest.lower().encode("utf-8")
    found = False
    for message in messages:
        for key in keys:
            found |= hmac.compare_digest(_mac(key, message).encode("ascii"), told)
    return found


def signed(key: RSAPublicKey, signature: str, *parts: str) -> bool:
    """Whether this is the operator's signature of the joined parts: of their MD5 as 32 letters, padded by PKCS#1 v1.5
    without the usual name of a hash. False, and no exception, for anything else."""
    if not _SIGNATURE.fullmatch(signature):
        return False
    try:
        found = key.recover_data_from_signature(bytes.fromhex(signature), padding.PKCS1v15(), None)
    except (InvalidSignature, ValueError):
        return False
    message = "".join(parts).encode("ascii", "replace")
    return hmac.compare_digest(found, hashlib.md5(message, usedforsecurity=False).hexdigest().encode("ascii"))


def _mac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, "md5").hexdigest()

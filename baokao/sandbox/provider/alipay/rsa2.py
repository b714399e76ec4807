"""RSA2: RSASSA-PKCS1-v1_5 with SHA-256 over the sorted parameters, on both sides of the wire."""

import base64
import binascii
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey


def text_of_request(params: Mapping[str, str]) -> str:
    """What a merchant signs: all but `sign` and what is empty; `sign_type` stays in."""
    return _joined({name: value for name, value in params.items() if name != "sign" and value})


def text_of_message(params: Mapping[str, str]) -> str:
    """What we sign in returns and notifications: neither `sign` nor `sign_type`."""
    return _joined({name: value for name, value in params.items() if name not in ("sign", "sign_type")})


def sign(text: str, key: RSAPrivateKey, *, sha1: bool = False) -> str:
    """The signature of a text, base64 without line breaks. `sha1` is the old way, for a fault only."""
    digest: hashes.HashAlgorithm = hashes.SHA1() if sha1 else hashes.SHA256()  # noqa: S303
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), digest)).decode()


def verifies(text: str, signature: str, key: RSAPublicKey) -> bool:
    """Whether this is the signature of this text, with SHA-256 and nothing else."""
    try:
        raw = base64.b64decode(signature.encode("ascii"), validate=True)
        key.verify(raw, text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _joined(params: Mapping[str, str]) -> str:
    return "&".join(f"{name}={params[name]}" for name in sorted(params, key=str.encode))

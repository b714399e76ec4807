"""RSA2: RSASSA-PKCS1-v1_5 with SHA-256, over parameters sorted and joined. SHA-1 (`RSA`) is never accepted."""

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

NAME = "RSA2"


def joined(parameters: Mapping[str, str], without: Collection[str]) -> str:
    """The text that is signed: `name=value`, sorted by name, joined by `&`, values as they are."""
    return "&".join(f"{name}={parameters[name]}" for name in sorted(parameters) if name not in without)


def sign(text: str, key: RSAPrivateKey) -> str:
    """The signature in base64."""
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), SHA256())).decode()


def verifies(text: str, signature: str, keys: Sequence[RSAPublicKey]) -> bool:
    """Whether one of the keys made this signature of this text. False, and no exception, for anything else."""
    try:
        raw = base64.b64decode(signature.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return False
    return any(_verifies(text.encode(), raw, key) for key in keys)


def _verifies(text: bytes, signature: bytes, key: RSAPublicKey) -> bool:
    try:
        key.verify(signature, text, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True

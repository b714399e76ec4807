"""Settings that hold RSA keys, in any of the forms in which providers hand them out."""

import base64
import binascii
import os
import re
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    RSAPublicNumbers,
)
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from baokao.config import env

SHORTEST = 2048
# PayEase's file of its public key: two numbers in hexadecimal.
_NUMBERS = re.compile(r"m=([0-9a-fA-F]+);\s*e=([0-9a-fA-F]+);?")


def private_key(name: str, environ: Mapping[str, str] = os.environ) -> RSAPrivateKey | None:
    """A private key, PKCS#1 or PKCS#8, as PEM or as bare base64. None when unset."""
    value = env.text(name, "", environ)
    if not value:
        return None
    try:
        key = load_der_private_key(_der(value), password=None)
    except (ValueError, TypeError, binascii.Error) as failed:
        raise env.BadSetting(name, "it is no RSA private key in PEM or base64.") from failed
    if not isinstance(key, RSAPrivateKey) or key.key_size < SHORTEST:
        raise env.BadSetting(name, f"it is no RSA key of at least {SHORTEST} bits.")
    return key


def public_keys(name: str, environ: Mapping[str, str] = os.environ) -> list[RSAPublicKey]:
    """Public keys with commas between them, as PEM or as bare base64; at most two, as during a change of keys."""
    found = [_public_key(name, value) for value in env.words(name, "", environ)]
    if len(found) > 2:
        raise env.BadSetting(
            name, "more than two keys; only the one in use and the one before or after it belong here."
        )
    return found


def numbered_key(name: str, environ: Mapping[str, str] = os.environ) -> RSAPublicKey | None:
    """A public key as the text `m=…;e=…;` of PayEase's key file, of 1024 bits as its protocol has it; None if unset."""
    value = env.text(name, "", environ)
    if not value:
        return None
    found = _NUMBERS.fullmatch(value)
    try:
        key = RSAPublicNumbers(int(found[2], 16), int(found[1], 16)).public_key() if found else None
    except ValueError:
        key = None
    if key is None or key.key_size != 1024:
        raise env.BadSetting(name, "it is no RSA key of 1024 bits that reads m=…;e=…; in hexadecimal.")
    return key


def _public_key(name: str, value: str) -> RSAPublicKey:
    try:
        key = load_der_public_key(_der(value))
    except (ValueError, TypeError, binascii.Error) as failed:
        raise env.BadSetting(name, "it holds what is no RSA public key in PEM or base64.") from failed
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST:
        raise env.BadSetting(name, f"it holds what is no RSA key of at least {SHORTEST} bits.")
    return key


def _der(value: str) -> bytes:
    """The key's bytes. PEM is base64 between two lines; environment files often write its line breaks as `\\n`."""
    lines = value.replace("\\n", "\n").split("\n")
    return base64.b64decode("".join(line.strip() for line in lines if "-----" not in line), validate=True)

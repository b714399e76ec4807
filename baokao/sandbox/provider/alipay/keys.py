"""The demonstration's key pairs, made at first start: the application's, with which the site signs, and ours."""

import contextlib
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def private_key(file: Path) -> rsa.RSAPrivateKey:
    """The key in this file, made if there is none; of two processes at once the first one's is kept."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_bytes(pem(rsa.generate_private_key(65537, 2048)))
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(made)
        made.unlink()
    found = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


def pem(key: rsa.RSAPrivateKey) -> bytes:
    """PKCS#8 in PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def bare(key: rsa.RSAPrivateKey) -> str:
    """PKCS#8 as base64 in one line, as an environment variable holds it best."""
    return "".join(pem(key).decode().splitlines()[1:-1])


def bare_public(key: rsa.RSAPublicKey) -> str:
    """The public half as base64 in one line."""
    text = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    return "".join(text.splitlines()[1:-1])

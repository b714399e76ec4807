"""The demonstration's keys, made at first start: those with which the site signs, and the providers' own."""

import contextlib
import secrets
import string
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_LETTERS = string.ascii_letters + string.digits


def private_key(file: Path, bits: int = 2048) -> rsa.RSAPrivateKey:
    """The key in this file, made if there is none."""
    kept = _kept(file, lambda: pem(rsa.generate_private_key(65537, bits)))
    found = serialization.load_pem_private_key(kept, None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


def secret(file: Path) -> str:
    """The 16 letters and digits in this file, made if there is none."""
    return _kept(file, lambda: "".join(secrets.choice(_LETTERS) for _ in range(16)).encode()).decode()


def _kept(file: Path, make: Callable[[], bytes]) -> bytes:
    """What stands in the file. Of two processes that make it at once the first one's is kept."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_bytes(make())
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(made)
        made.unlink()
    return file.read_bytes()


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

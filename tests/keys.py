"""RSA keys as settings hold them."""

import base64

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def text_of(key: RSAPrivateKey, form: PrivateFormat) -> str:
    """A private key in bare base64."""
    return base64.b64encode(key.private_bytes(Encoding.DER, form, NoEncryption())).decode()


def public_text_of(key: RSAPrivateKey, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """Its public half in bare base64."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, form)).decode()

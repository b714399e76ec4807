"""What the settings tell about the payment providers: production takes money only with keys and hosts of its own."""

import hashlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from baokao.core.checks import payease
from baokao.core.checks.finding import Finding
from baokao.core.checks.hosts import is_near

# Anybody has the private halves of these: the SHA-256 of the public halves of the sandbox's and the tests' keys.
TEST_KEYS = {
    "0c78eae700e8b29a6e0ecbf2b91525d37fb64df65ee3f5af347116c68e8b1078",
    "d6c9fc765b1f8dcd8b6994261488cd532669fbf3fee0113221da8b041e40c1b5",
}
# The provider's own place for trying: money there is not real.
TRIAL_HOSTS = ("alipaydev.com",)


def findings() -> list[Finding]:
    """Findings about keys and addresses of the providers; in demonstrations and tests there are none."""
    return [*_addresses(), *_identity(), *_keys(), *payease.findings()] if settings.PRODUCTION else []


def fingerprint(key: RSAPublicKey) -> str:
    """The SHA-256 of a public key, in hexadecimal."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _addresses() -> Iterator[Finding]:
    parts = urlsplit(settings.ALIPAY_GATEWAY)
    host = parts.hostname or ""
    if parts.scheme != "https":
        yield _unsafe("BAOKAO_ALIPAY_GATEWAY is not https; payments would cross the network in clear.")
    if is_near(host) or any(host == trial or host.endswith(f".{trial}") for trial in TRIAL_HOSTS):
        yield _unsafe(f"BAOKAO_ALIPAY_GATEWAY is the sandbox {host}; nobody would pay real money.")


def _identity() -> Iterator[Finding]:
    if not settings.ALIPAY_APP_ID:
        yield _unsafe("BAOKAO_ALIPAY_APP_ID is unset; it is the number of our application at Alipay.")
    if not settings.ALIPAY_SELLER_ID:
        yield _unsafe("BAOKAO_ALIPAY_SELLER_ID is unset; it is the account that receives the money.")


def _keys() -> Iterator[Finding]:
    if settings.ALIPAY_PRIVATE_KEY is None:
        yield _unsafe("BAOKAO_ALIPAY_PRIVATE_KEY is unset; it signs what we send to Alipay.")
    elif fingerprint(settings.ALIPAY_PRIVATE_KEY.public_key()) in TEST_KEYS:
        yield _unsafe("BAOKAO_ALIPAY_PRIVATE_KEY is the tests' key, which everybody has.")
    if not settings.ALIPAY_PUBLIC_KEYS:
        yield _unsafe("BAOKAO_ALIPAY_PUBLIC_KEYS is unset; without it no payment can be believed.")
    for key in settings.ALIPAY_PUBLIC_KEYS:
        if fingerprint(key) in TEST_KEYS:
            yield _unsafe("BAOKAO_ALIPAY_PUBLIC_KEYS holds the tests' key: everybody could say that they have paid.")
        elif settings.ALIPAY_PRIVATE_KEY is not None and fingerprint(key) == fingerprint(
            settings.ALIPAY_PRIVATE_KEY.public_key()
        ):
            yield _unsafe("BAOKAO_ALIPAY_PUBLIC_KEYS holds our application's key; Alipay's public key is another one.")


def _unsafe(sentence: str) -> Finding:
    return Finding("unsafe", "alipay", sentence)

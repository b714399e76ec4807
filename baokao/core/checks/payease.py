"""What the settings tell about PayEase. It may be left out as a whole; what is there must be whole and its own."""

import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from baokao.core.checks.finding import Finding
from baokao.core.checks.hosts import is_near

# Anybody has these: the SHA-256 of the shared keys of the test vectors and of the operator's own test merchant, and the
# one of the modulus of the vectors' key for signatures. The operator's test merchant has this number.
TEST_KEYS = {
    "a550660554a7c6ff58ceb94ab416c36732e9ac7495947c3efe3712e54f7d7acb",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
TEST_MODULI = {"811a51b71592faf2ea6d58027d832cfe554a7df6c3578bf916eb19e71467aa6c"}
TEST_MERCHANTS = ("444", "888")


def findings() -> Iterator[Finding]:
    """Findings of production, none when PayEase isn't used at all."""
    if settings.PAYEASE_MERCHANT or settings.PAYEASE_KEYS:
        yield from _addresses()
        yield from _identity()
        yield from _keys()


def _addresses() -> Iterator[Finding]:
    for name in ("PAYEASE_GATEWAY", "PAYEASE_API"):
        parts = urlsplit(getattr(settings, name))
        if parts.scheme != "https":
            yield _unsafe(f"BAOKAO_{name} is not https; anybody on the way could say that it was paid.")
        if is_near(parts.hostname or ""):
            yield _unsafe(f"BAOKAO_{name} is the sandbox {parts.hostname}; nobody would pay real money.")


def _identity() -> Iterator[Finding]:
    if not settings.PAYEASE_MERCHANT:
        yield _unsafe("BAOKAO_PAYEASE_MERCHANT is unset; it is our number at PayEase.")
    elif settings.PAYEASE_MERCHANT in TEST_MERCHANTS:
        yield _unsafe(f"BAOKAO_PAYEASE_MERCHANT {settings.PAYEASE_MERCHANT} is a number for trying.")
    if not settings.PAYEASE_REFUND_OPERATOR:
        yield _unsafe("BAOKAO_PAYEASE_REFUND_OPERATOR is unset; without it no money can go back.")


def _keys() -> Iterator[Finding]:
    if not settings.PAYEASE_KEYS:
        yield _unsafe("BAOKAO_PAYEASE_KEYS is unset; without it no payment can be believed.")
    if any(_print(key) in TEST_KEYS for key in settings.PAYEASE_KEYS):
        yield _unsafe("BAOKAO_PAYEASE_KEYS holds a test key: everybody could say that they have paid.")
    elif any(len(key) < 16 for key in settings.PAYEASE_KEYS):
        yield _unsafe("BAOKAO_PAYEASE_KEYS holds a key of less than 16 letters, which can be guessed.")
    public = settings.PAYEASE_PUBLIC_KEY
    if public is None:
        yield Finding("warning", "payease", _UNSIGNED)
    elif _print(b"%x" % public.public_numbers().n) in TEST_MODULI:
        yield _unsafe("BAOKAO_PAYEASE_PUBLIC_KEY is the tests' key, whose other half everybody has.")
    if hmac.new(b"key", b"The quick brown fox jumps over the lazy dog", "md5").hexdigest() != _KNOWN:
        yield _unsafe("This machine does not compute HMAC-MD5, which PayEase needs (FIPS mode?).")


_KNOWN = "80070713463e7749b90c2dc24911e275"
_UNSIGNED = (
    "BAOKAO_PAYEASE_PUBLIC_KEY is unset: PayEase's signatures are not checked, and each payment is believed only after"
    " asking. Get the operator's key file (Public1024.key)."
)


def _print(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()


def _unsafe(sentence: str) -> Finding:
    return Finding("unsafe", "payease", sentence)

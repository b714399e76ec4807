"""HMAC-MD5 under the merchant's key, and `v_sign` under ours, over texts without any separator."""

import hashlib
import hmac
from urllib.parse import quote_plus

from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

CHINESE = "gb18030"


def mac(key: str, *parts: str, charset: str = CHINESE) -> str:
    """The digest of the parts, 32 lower-case hex digits."""
    return hmac.new(key.encode("ascii"), "".join(parts).encode(charset), "md5").hexdigest()


def is_mac(told: str, key: str, *parts: str, charset: str = CHINESE) -> bool:
    """Whether this is the digest of the parts, in letters of either case."""
    return hmac.compare_digest(told.lower().encode(), mac(key, *parts, charset=charset).encode())


def percent(text: str, charset: str) -> str:
    """As Java writes a value into a query: all but ASCII letters, digits and `-_.*` is escaped, a blank is `+`."""
    return quote_plus(text, safe="*", encoding=charset).replace("~", "%7E")


def sign(key: RSAPrivateKey, *parts: str) -> str:
    """`v_sign`: the text's MD5, as 32 letters of hex, padded and signed without naming any hash; 256 hex digits."""
    told = hashlib.md5("".join(parts).encode(CHINESE), usedforsecurity=False).hexdigest()
    return key.sign(told.encode("ascii"), padding.PKCS1v15(), utils.NoDigestInfo()).hex()


def key_file(key: RSAPublicKey) -> str:
    """The text of `Public1024.key`, by which merchants know our key."""
    numbers = key.public_numbers()
    return f"m={numbers.n:0256x};e={numbers.e:06x};"

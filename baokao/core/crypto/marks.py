"""Marks: short keyed hashes of what a signed text depends on, so that the text dies when that changes.

Made with the secret key, judged by the old ones too, as Django's signatures are: a new secret ends nothing
(docs/keys.md).
"""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


def mark(salt: str, text: str, length: int) -> str:
    """The mark of a text: so many hexadecimal digits."""
    return _under(settings.SECRET_KEY, salt, text, length)


def holds(found: str, salt: str, text: str) -> bool:
    """Whether `found` is the text's mark under the secret key or one of the old ones."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(found, _under(secret, salt, text, len(found))) for secret in secrets)


def _under(secret: str, salt: str, text: str, length: int) -> str:
    return salted_hmac(salt, text, secret=secret, algorithm="sha256").hexdigest()[:length]

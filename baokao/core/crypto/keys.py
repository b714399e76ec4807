"""The key rings: key ids to keys, the highest id being the one that new values are written with.

While a new key is being made known to every machine, SEAL_WITH keeps the old one writing (docs/keys.md).
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from django.conf import settings
from django.core.signals import setting_changed

Purpose = Literal["seal", "digest", "audit"]
_SETTINGS: dict[Purpose, str] = {"seal": "ENCRYPTION_KEYS", "digest": "DIGEST_KEYS", "audit": "AUDIT_KEYS"}


class UnknownKey(LookupError):
    """A stored value names a key that the ring does not hold; the operator has removed it too early."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by id, all 32 bytes long. `writing` is the id that writes; 0 means the highest."""

    keys: dict[int, bytes]
    writing: int = 0

    @cached_property
    def current(self) -> int:
        """The id that new values are written under."""
        if not self.keys:
            raise UnknownKey("the key ring is empty")
        return self.writing or max(self.keys)

    def key(self, key_id: int) -> bytes:
        """The key of an id; `UnknownKey` when the ring does not hold it."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise UnknownKey(f"key {key_id} is not in the ring") from None

    def newest_first(self) -> list[int]:
        """Every id, the current one first."""
        return sorted(self.keys, reverse=True)


@lru_cache(maxsize=8)
def keyring(purpose: Purpose) -> KeyRing:
    """The ring for sealing, for digests or for the audit's row hashes. Each has keys of its own."""
    return KeyRing(dict(getattr(settings, _SETTINGS[purpose])), settings.SEAL_WITH if purpose == "seal" else 0)


def _forget(setting: str, **_: object) -> None:
    if setting in _SETTINGS.values() or setting == "SEAL_WITH":
        keyring.cache_clear()


setting_changed.connect(_forget)

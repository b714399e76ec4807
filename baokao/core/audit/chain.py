"""What a seal says, as bytes and as a hash: the same for the one who writes seals and the one who verifies them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from baokao.core.audit import merkle
from baokao.core.audit.record import canonical, mac

GENESIS = bytes(32)

COLUMNS = "id, xact, at, action, actor, subject, sitting, detail::text, key_id, mac"


@dataclass(frozen=True)
class Row:
    """An audit row as it stands in the table."""

    id: Any
    xact: int
    at: datetime
    action: str
    actor: str
    subject: str
    sitting: str
    detail: str
    key_id: int
    mac: bytes

    def leaf(self) -> bytes:
        """What the seal's root holds of this row: which transaction wrote it, and its own keyed hash."""
        return merkle.leaf(self.id.bytes + self.xact.to_bytes(8, "big") + bytes(self.mac))

    def sound(self) -> bool:
        """Whether the content is what was hashed when the row was written."""
        content = canonical(
            self.id, self.at, self.action, self.actor, self.subject, self.sitting, json.loads(self.detail)
        )
        return mac(self.key_id, content) == bytes(self.mac)


@dataclass(frozen=True)
class Link:
    """A seal's content without its own hash."""

    number: int
    since: int
    until: int
    count: int
    root: bytes
    previous: bytes
    key_id: int
    sealed_at: datetime

    def hash(self) -> bytes:
        """The keyed hash that the next seal carries on: nobody without the audit key can write a chain anew."""
        moment = self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
        fields = [self.number, self.since, self.until, self.count, self.root.hex(), self.previous.hex(), moment]
        return mac(self.key_id, b"seal" + json.dumps(fields).encode())


def root_of(rows: Iterable[Row]) -> bytes:
    """The root over rows in their order."""
    return merkle.root(row.leaf() for row in rows)

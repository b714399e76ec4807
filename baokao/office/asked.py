"""What ticked boxes and addresses say; what makes no sense says nothing."""

import uuid
from collections.abc import Iterable


def uuids(texts: Iterable[str]) -> list[uuid.UUID]:
    """The ids among these texts."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def count(text: str) -> int | None:
    """The number that an address names, as `?page=3`, or tells of what was just done, as `?mailed=3`."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None

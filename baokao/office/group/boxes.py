"""What ticked boxes name."""

import uuid
from collections.abc import Iterable


def uuids(texts: Iterable[str]) -> list[uuid.UUID]:
    """The ids among these texts; what is none names nothing."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found

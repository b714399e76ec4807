"""Which effects go first."""

from enum import IntEnum


class Urgency(IntEnum):
    """The lower goes first."""

    AWAITED = 0
    """Somebody waits for it in front of the mailbox."""
    USUAL = 5
    BULK = 9
    """It can wait for hours."""

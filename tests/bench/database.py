"""What a bench does to its database between rounds."""

import psycopg

from tests.site import address


def checkpoint() -> None:
    """Write everything out, so that no round pays for the one before."""
    with psycopg.connect(address("superuser"), autocommit=True) as above:
        above.execute("CHECKPOINT")

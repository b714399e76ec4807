"""Sealing in tests: the sealer waits for the oldest transaction of the whole server, even an ANALYZE by itself."""

import time

from baokao.core import clock
from baokao.core.audit import chain, sealer

PATIENCE_SECONDS = 30.0


def seal_soon() -> chain.Link:
    """The next seal, of which there must be one, when whoever else is writing has finished."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (link := sealer.seal_once(clock.now())) is None:
        assert time.monotonic() < deadline, "nothing could be sealed; some transaction does not end"
        time.sleep(0.05)
    return link

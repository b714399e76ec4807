"""How far a job is, written where a page can read it; and noticing that nobody wants it any more."""

import time

from baokao.roster.models import RosterImport

_EVERY = 0.4


class Discarded(Exception):
    """The import is in another state by now; what the job had begun is of no use."""


class Told:
    """Tells how far the job of an import is. To be called outside of transactions, or nobody sees it in time."""

    def __init__(self, one: RosterImport, state: RosterImport.State) -> None:
        self._one, self._state = one, state
        self._last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell, at most every 0.4 s within a stage. Raises Discarded."""
        one, now = self._one, time.monotonic()
        if stage == one.stage and now - self._last < _EVERY:
            return
        self._last = now
        one.stage, one.done, one.total = stage, done, total
        rows = RosterImport.objects.filter(id=one.id, state=self._state)
        if not rows.update(stage=stage, done=min(done, total) if total else done, total=total):
            raise Discarded

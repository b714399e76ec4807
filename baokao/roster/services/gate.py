"""Whether a roster may be changed now: not in a sitting that is over, nor by a school whose roster is frozen (G6)."""

from baokao.core.verdict import RefusedError
from baokao.exams.models import Freeze, Sitting
from baokao.exams.services import turns
from baokao.exams.services.school.turn import CLOSED, refuse_frozen


def enter(sitting: str, *schools: str) -> None:
    """To be asked within the transaction that writes and before any row is locked: a freeze waits until it is over.
    `schools` are those that change their rosters; none when an office above them does.

    Raises RefusedError when the sitting is over, or the roster of one of them is frozen.
    """
    for province in sorted({school[:2] for school in schools}):
        turns.join_freeze(province)
    if Sitting.objects.filter(code=sitting, state=Sitting.State.CLOSED).exists():
        raise RefusedError(CLOSED)
    for school in schools:
        refuse_frozen(school, sitting, Freeze.Area.ROSTER)

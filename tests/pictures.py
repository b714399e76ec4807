"""Captchas for real processes. Drawing twenty with their sounds takes seconds, which each test would wait for: a run
draws them once, and each test's empty database gets them again."""

from functools import cache

from baokao.core import clock
from baokao.core.captcha import drawing, pool
from baokao.core.models import CaptchaPicture


@cache
def _drawn() -> list[drawing.Drawn]:
    return [drawing.draw() for _ in range(pool.A_MINUTE)]


def hang() -> None:
    """As many as a worker wants to see before it starts, for as long as a test may take."""
    if CaptchaPicture.objects.exists():
        return
    now = clock.now()
    for drawn in _drawn():
        pool.keep(drawn, now)

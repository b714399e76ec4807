"""Whether two kinds of request can be told apart by their time.

Both are done in every round, one right after the other in an order drawn from a seed, so that whatever else the machine
does meets both. What is compared is how often the one took longer than the other: half of the rounds tells nothing, all
of them tells all (a sign test, which no outlier moves). A bound on it is a bound on what an observer learns from one
request: to tell 0.53 from 0.5 takes some thousand requests of each kind, each with a captcha of its own and beyond what
the throttles let through. A test for mere significance would find a microsecond at ten thousand pairs.
"""

import gc
import math
import random
import time
from collections.abc import Callable
from statistics import median

# How far from a half the two may be, and how many standard deviations beyond it a control has to lie.
BOUND, SURE = 0.03, 2.0

Act = Callable[[], object]


def interleaved(kinds: dict[str, Callable[[], Act]], rounds: int, seed: int) -> dict[str, list[float]]:
    """Seconds of each kind, a time a round: in every round each kind comes once, in an order of its own. A kind
    prepares an act outside of the measured time."""
    chance = random.Random(seed)
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    order = list(kinds)
    for name in order * 20:
        kinds[name]()()
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            chance.shuffle(order)
            for name in order:
                act = kinds[name]()
                began = time.perf_counter()
                act()
                taken[name].append(time.perf_counter() - began)
            if number % 200 == 0:
                gc.collect()
    finally:
        gc.enable()
    return taken


def longer(one: list[float], other: list[float]) -> float:
    """In which part of the rounds the first took longer than the second; ties count half."""
    wins = sum((first > second) + (first == second) / 2 for first, second in zip(one, other, strict=True))
    return wins / len(one)


def differs(one: list[float], other: list[float]) -> bool:
    """Whether the two are told apart: beyond the bound by more than chance."""
    return abs(longer(one, other) - 0.5) > BOUND + SURE * 0.5 / math.sqrt(len(one))


def told(taken: dict[str, list[float]], one: str, other: str) -> str:
    """A figure for people: the part of the rounds and both medians."""
    medians = f"{median(taken[one]) * 1000:.3f} and {median(taken[other]) * 1000:.3f} ms"
    return f"{one} / {other}: {longer(taken[one], taken[other]):.3f} ({medians})"

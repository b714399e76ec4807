"""The measure itself, on numbers made up."""

import random

from tests.timing.measure import BOUND, differs, interleaved, longer


def test_the_measure_knows_what_is_alike_and_what_is_not():
    chance = random.Random(20)
    noise = [chance.gauss(5, 1) for _ in range(4000)]
    alike = [chance.gauss(5, 1) for _ in range(4000)]
    slower = [chance.gauss(5.5, 1) for _ in range(4000)]
    assert abs(longer(noise, alike) - 0.5) < BOUND
    assert differs(slower, noise)
    assert not differs(noise, alike)


def test_ties_tell_nothing():
    assert longer([1.0] * 10, [1.0] * 10) == 0.5
    assert longer([2.0], [1.0]) == 1


def test_each_round_does_each_kind_once_in_an_order_from_the_seed():
    def order(seed):
        done = []
        kinds = {name: lambda name=name: lambda: done.append(name) for name in "ab"}
        taken = interleaved(kinds, 30, seed)
        assert [len(times) for times in taken.values()] == [30, 30]
        return "".join(done)

    assert order(1) == order(1)
    assert order(1) != order(2)

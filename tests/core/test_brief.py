"""What is remembered for a moment: how old it may get, and that a crowd asks once (docs/architecture.md)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from baokao.core.brief import brief, forget_all


@pytest.fixture
def asked():
    """A remembered function that tells how often it was asked; it waits while its gate is closed."""
    gate = threading.Event()
    gate.set()
    counted = []

    @brief(0.2, most=3)
    def function(key: str) -> int:
        gate.wait(5)
        counted.append(key)
        if key == "wrong":
            raise LookupError
        return len(counted)

    function.gate, function.counted = gate, counted
    return function


def test_it_is_asked_once_while_it_is_remembered(asked):
    assert [asked("x") for _ in range(5)] == [1] * 5
    time.sleep(0.2)
    assert asked("x") == 2


def test_while_one_asks_anew_others_are_given_the_answer_before(asked):
    asked("x")
    time.sleep(0.25)
    asked.gate.clear()
    with ThreadPoolExecutor(1) as other:
        anew = other.submit(asked, "x")
        time.sleep(0.05)
        assert asked("x") == 1
        asked.gate.set()
        assert anew.result(5) == 2


def test_after_a_quiet_time_nobody_is_given_the_old_answer(asked):
    asked("x")
    time.sleep(0.45)
    asked.gate.clear()
    with ThreadPoolExecutor(2) as others:
        answers = [others.submit(asked, "x") for _ in range(2)]
        time.sleep(0.05)
        asked.gate.set()
        assert 1 not in [answer.result(5) for answer in answers]


def test_an_exception_is_not_remembered(asked):
    for _ in range(2):
        with pytest.raises(LookupError):
            asked("wrong")
    assert asked.counted == ["wrong", "wrong"]


def test_what_is_remembered_is_bounded_and_can_be_forgotten(asked):
    for key in "abcd":
        asked(key)
    assert asked("d") == 4
    forget_all()
    assert asked("d") == 5

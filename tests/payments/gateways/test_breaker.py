"""The circuit breaker (proof b10)."""

import threading

import pytest

from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.contract import Unknown


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker("Alipay", failures=3, pause=10, clock=clock)


def fail(breaker: Breaker) -> None:
    with pytest.raises(Unknown, match="down"), breaker.guard():
        raise Unknown("down")


def succeed(breaker: Breaker) -> None:
    with breaker.guard():
        pass


def refuses(breaker: Breaker) -> bool:
    try:
        succeed(breaker)
    except Unknown:
        return True
    return False


def test_it_opens_after_failures_in_a_row(breaker):
    for _ in range(3):
        fail(breaker)
    assert refuses(breaker)


def test_a_success_in_between_begins_the_count_anew(breaker):
    for _ in range(2):
        fail(breaker)
    succeed(breaker)
    for _ in range(2):
        fail(breaker)
    assert not refuses(breaker)


def test_after_the_pause_one_probe_that_succeeds_closes_it(breaker, clock):
    for _ in range(3):
        fail(breaker)
    clock.now = 9.9
    assert refuses(breaker)
    clock.now = 10
    with breaker.guard():
        # While the probe is on its way nobody else is let through.
        assert refuses(breaker)
    assert not refuses(breaker)


def test_after_the_pause_a_probe_that_fails_opens_it_again_at_once(breaker, clock):
    for _ in range(3):
        fail(breaker)
    clock.now = 10
    fail(breaker)
    clock.now = 19.9
    assert refuses(breaker)
    clock.now = 20
    assert not refuses(breaker)


def test_a_call_from_before_does_not_close_it(breaker):
    with breaker.guard():
        for _ in range(3):
            fail(breaker)
    assert refuses(breaker)


def test_a_fault_of_our_own_is_a_failure_and_leaves_no_probe_behind(breaker, clock):
    for _ in range(3):
        fail(breaker)
    clock.now = 10
    with pytest.raises(ZeroDivisionError), breaker.guard():
        raise ZeroDivisionError
    clock.now = 20
    assert not refuses(breaker)


def test_of_many_threads_one_probes(breaker, clock):
    for _ in range(3):
        fail(breaker)
    clock.now = 10
    through: list[bool] = []
    ready, done = threading.Barrier(8), threading.Event()

    def call() -> None:
        ready.wait()
        try:
            with breaker.guard():
                through.append(True)
                done.wait(10)
        except Unknown:
            through.append(False)
        if len(through) == 8:
            done.set()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert through.count(True) == 1

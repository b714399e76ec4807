"""However many questions a page asks, it waits no longer than for one (proof b10). Time is the test's own."""

from typing import Any

import pytest

from baokao.payments.gateways import http
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller, together
from baokao.payments.gateways.contract import Unknown
from baokao.payments.gateways.http import Deadline, Request

REQUEST = Request("https://provider.example/")
SECONDS, QUESTIONS = 2.5, 4


class Slow:
    """A provider that is given up after two seconds, or earlier when there is less time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.asked = 100.0, 0
        monkeypatch.setattr(http.time, "monotonic", lambda: self.now)

    def exchange(self, request: Request, deadline: Deadline) -> bytes:
        self.asked += 1
        self.now += deadline.left(2.0)
        raise Unknown("slow")

    def download(self, url: str, into: Any, most: int, deadline: Deadline) -> None:
        raise AssertionError("no bill is asked for here")


@pytest.fixture
def slow(monkeypatch):
    return Slow(monkeypatch)


def waited(slow, caller):
    """The seconds that a page waits which asks `QUESTIONS` times."""
    begun = slow.now
    for _ in range(QUESTIONS):
        with pytest.raises(Unknown):
            caller.ask(REQUEST, bytes, repeat=False)
    return slow.now - begun


def test_b10_a_page_that_asks_several_times_waits_as_for_one(slow):
    with together(SECONDS):
        assert waited(slow, Caller(slow, Breaker("Alipay"), SECONDS)) <= SECONDS
    assert slow.asked == 2


def test_b10_control_each_question_with_its_own_time_holds_the_page_too_long(slow):
    assert waited(slow, Caller(slow, Breaker("Alipay"), SECONDS)) > 3


def test_b10_a_question_for_which_no_time_was_left_is_not_held_against_the_provider(slow):
    breaker = Breaker("Alipay", failures=3)
    with together(SECONDS):
        waited(slow, Caller(slow, breaker, SECONDS))
    with breaker.guard():
        pass


def test_b10_the_next_page_has_its_own_time(slow):
    caller = Caller(slow, Breaker("Alipay", failures=99), SECONDS)
    for _ in range(2):
        with together(SECONDS):
            waited(slow, caller)
    assert slow.asked == 4

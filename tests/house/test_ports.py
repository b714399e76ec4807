"""A port that is just being let go is waited for; one that stays taken is told in a sentence."""

import socket
import threading
import time

import pytest

from baokao.sandbox.database.trouble import Trouble
from baokao.sandbox.demo.ports import refuse_taken


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_port_that_stays_taken_is_refused_with_a_sentence(listening):
    with pytest.raises(Trouble, match="已被占用"):
        refuse_taken(listening.getsockname()[1], patience=0.2)


def test_a_port_that_is_let_go_in_time_is_no_trouble(listening):
    port = listening.getsockname()[1]
    threading.Timer(0.3, listening.close).start()
    began = time.monotonic()
    refuse_taken(port, patience=10)
    assert time.monotonic() - began < 9


def test_control_without_patience_it_is_refused(listening):
    threading.Timer(0.3, listening.close).start()
    with pytest.raises(Trouble):
        refuse_taken(listening.getsockname()[1])

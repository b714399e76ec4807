"""A provider that is down, slow or out of its mind holds nobody for more than 3 s, and proves nothing (proof b10)."""

import contextlib
import io
import socket
import threading
import time
from dataclasses import replace

import pytest

from baokao.payments.gateways import http
from baokao.payments.gateways.alipay.gateway import Alipay
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import State, Unknown
from baokao.payments.gateways.http import Deadline, Request, Wire
from tests.payments.gateways.alipay import ACCOUNT, CASES, NUMBER
from tests.payments.gateways.server import Behaviour, answer, drips, says, serving

SECONDS = 1.0
# What the machine may need on top of it while it does other things too; below the 3 s that b10 allows.
SLACK = 1.0
GENUINE = CASES["resp"]["http_body"].encode()
HEAD = b"HTTP/1.1 200 OK\r\n"


def waits(talk: socket.socket, over: threading.Event) -> None:
    over.wait(30)


def ask(url: str) -> None:
    with contextlib.suppress(Unknown):
        gateway(url).query(NUMBER)


def gateway(url: str, failures: int = 100) -> Alipay:
    return Alipay(replace(ACCOUNT, gateway=url), Caller(Wire(), Breaker("Alipay", failures), SECONDS))


BEHAVIOURS: dict[str, Behaviour] = {
    "hangs up": says(),
    "says nothing": waits,
    "drips its head": drips(HEAD + b"X-Slow: ", b"a", 0.05),
    "drips its body": drips(HEAD + b"Content-Length: 1000000\r\n\r\n", b" ", 0.05),
    "drips chunks": drips(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", 0.05),
    "never ends": drips(HEAD + b"\r\n", b" " * 65536, 0),
    "never ends its head": drips(HEAD, b"X-More: " + b"a" * 65000 + b"\r\n", 0),
    "half an answer": says(HEAD + b"Content-Length: 5000\r\n\r\n" + GENUINE[:300]),
    "half an answer without a length": says(HEAD + b"\r\n" + GENUINE[:300]),
    "HTML": says(answer(b"<html>busy</html>")),
    "500": says(answer(GENUINE, "500 Internal Server Error")),
    "502": says(answer(b"", "502 Bad Gateway")),
    "204": says(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "not HTTP": says(b"220 mail.example.com ESMTP\r\n"),
    "longer than its length": says(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + GENUINE),
}


@pytest.mark.parametrize("behave", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_b10_whatever_it_does_the_outcome_is_unknown_in_time(behave):
    with serving(behave) as server:
        began = time.monotonic()
        with pytest.raises(Unknown):
            gateway(server.url).query(NUMBER)
        assert time.monotonic() - began < SECONDS + SLACK


def test_b10_control_with_time_for_each_read_alone_a_drip_holds_us(monkeypatch):
    monkeypatch.setattr(Deadline, "left", lambda self, most=None: SECONDS)
    with serving(BEHAVIOURS["drips its body"]) as server:
        asking = threading.Thread(target=ask, args=[server.url], daemon=True)
        asking.start()
        asking.join(SECONDS + SLACK)
        assert asking.is_alive()
        monkeypatch.undo()
        asking.join(10)


def test_a_sound_answer_is_believed_over_the_network():
    with serving(says(answer(GENUINE))) as server:
        assert gateway(server.url).query(NUMBER).state is State.PAID
    [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /gateway.do?charset=utf-8 HTTP/1.1\r\n")
    assert b"biz_content" not in head
    assert b"biz_content" in body


def test_b10_a_redirect_is_not_followed():
    with serving(says(answer(GENUINE))) as elsewhere:
        moved = says(answer(b"", "302 Found", f"Location: {elsewhere.url}"))
        with serving(moved) as server, pytest.raises(Unknown, match="status 302"):
            gateway(server.url).query(NUMBER)
    assert elsewhere.requests == []


def test_b10_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unknown, match="could not be reached"):
        gateway(f"http://127.0.0.1:{port}/gateway.do").query(NUMBER)


def test_b10_the_network_swallows_everything(monkeypatch):
    # A full backlog drops what comes, as a firewall does.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with socket.create_connection(full.getsockname()):
            began = time.monotonic()
            with pytest.raises(Unknown):
                gateway(f"http://127.0.0.1:{full.getsockname()[1]}/").query(NUMBER)
            assert time.monotonic() - began < SECONDS + SLACK


def test_b10_names_that_resolve_too_slowly_hold_nobody(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: over.wait(30) and [])
    try:
        began = time.monotonic()
        with pytest.raises(Unknown):
            gateway("http://slow.test/gateway.do").query(NUMBER)
        assert time.monotonic() - began < SECONDS + SLACK
    finally:
        over.set()


def test_b10_a_name_that_does_not_exist_is_unknown():
    with pytest.raises(Unknown):
        Wire().exchange(Request("http://nowhere.invalid/"), Deadline(SECONDS))


def test_b10_a_server_that_says_nothing_to_tls_holds_nobody():
    def waits_at_once(talk: socket.socket, over: threading.Event) -> None:
        over.wait(30)

    with serving(waits_at_once) as server:
        began = time.monotonic()
        with pytest.raises(Unknown):
            gateway(server.url.replace("http:", "https:")).query(NUMBER)
        assert time.monotonic() - began < SECONDS + SLACK


def test_an_answer_that_is_too_long_is_unknown():
    with serving(says(answer(b"a" * 100))) as server, pytest.raises(Unknown, match="longer than 99 bytes"):
        Wire(answer_bytes=99).exchange(Request(server.url), Deadline(SECONDS))


def test_a_file_is_fetched_whole_or_not_at_all():
    body = b"PK" * 100_000
    with serving(says(answer(body))) as server:
        into = io.BytesIO()
        Wire().download(server.url, into, len(body), Deadline(SECONDS))
        assert into.getvalue() == body
        with pytest.raises(Unknown):
            Wire().download(server.url, io.BytesIO(), len(body) - 1, Deadline(SECONDS))


def test_a_deadline_is_one_for_all_parts():
    with pytest.raises(Unknown, match="too long"):
        Deadline(0).left()
    assert Deadline(5).left(http.CONNECT_SECONDS) == http.CONNECT_SECONDS


def test_b10_after_some_failures_nobody_waits_any_more():
    with serving(waits) as server:
        asking = gateway(server.url, failures=1)
        with pytest.raises(Unknown):
            asking.query(NUMBER)
        began = time.monotonic()
        with pytest.raises(Unknown, match="left alone"):
            asking.query(NUMBER)
        assert time.monotonic() - began < 0.2
    assert len(server.requests) == 1

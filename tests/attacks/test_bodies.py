"""Requests that are too long, too many or too slow (d10), over a socket to the real server: each is refused at a bound,
and everybody else is answered meanwhile."""

import contextlib
import re
import socket
import threading
import time
import urllib.request

import pytest

from baokao.config import place
from tests.attacks.wire import PATIENCE, Said, head, heard, open_line, say
from tests.cast import set_stage

pytestmark = pytest.mark.django_db(transaction=True)

FORM = "Content-Type: application/x-www-form-urlencoded"
# Without a cookie of ours a form is refused before its body is looked at; an attacker brings one.
COOKIE = "Cookie: csrf=" + "a" * 32
FILE = "Content-Type: multipart/form-data; boundary=x"
MEGABYTE = 1 << 20
# Of a body above the bound hardly more is taken than what lies on the way when the answer comes.
TAKEN_AT_MOST = 16 * MEGABYTE
PART = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'


@pytest.fixture
def url(live_site):
    set_stage()
    return live_site.url


def answers_others(url: str) -> None:
    """Everybody else is answered. Who is held by an attack is held for as long as it lasts, so patience takes nothing
    from this, and a busy machine is no fault."""
    for path in ("/", "/login/", "/healthz") * 4:
        with urllib.request.urlopen(url + path, timeout=PATIENCE) as answer:
            assert answer.status == 200


def test_d10_a_huge_body_is_refused_before_it_has_come(url):
    for path in ("/login/", "/my/written/", "/pay/notify/nobody/", "/nowhere/", "/"):
        for kind, start in ((FORM, b"account="), (FILE, PART)):
            begins = head("POST", path, url, COOKIE, kind, f"Content-Length: {500 * MEGABYTE}") + start
            said = say(url, begins, b"a" * MEGABYTE, 500)
            assert said.status == 400, (path, kind)
            assert "提交的内容过大" in said.text
            assert said.taken < TAKEN_AT_MOST


def test_d10_ten_thousand_fields_are_refused(url):
    body = "&".join(f"f{number}=1" for number in range(10_000)).encode()
    said = say(url, head("POST", "/login/", url, COOKIE, FORM, f"Content-Length: {len(body)}") + body)
    assert (said.status, "提交的内容过大" in said.text) == (400, True)


def test_d10_ten_thousand_parts_are_refused(url):
    body = b"".join(b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n\r\n' for _ in range(4_000)) + b"--x--\r\n"
    said = say(url, head("POST", "/login/", url, COOKIE, FILE, f"Content-Length: {len(body)}") + body)
    assert (said.status, "提交的内容过大" in said.text) == (400, True)


def test_d10_pieces_without_an_end_are_no_way_round_the_bound(url):
    """A chunked body has no length to look at; not a byte of it is believed."""
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    said = say(url, head("POST", "/login/", url, COOKIE, FORM, "Transfer-Encoding: chunked"), piece, 2_000)
    assert said.status in (0, 400, 403, 413)
    assert said.taken < TAKEN_AT_MOST


# What a proxy and the program might divide differently.
TWO_WAYS = (
    ["Content-Length: 5", "Content-Length: 6"],
    ["Content-Length: -1"],
    ["Content-Length: 1e3"],
    ["Content-Length: 99999999999999999999999"],
    ["Content-Length: 5", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: chunked, identity"],
    ["Transfer-Encoding: xchunked"],
    ["Transfer-Encoding : chunked"],
    ["X-Folded: a", " b"],
    ["X-Bare: a\nX-Second: b"],
    ["X-Nul: a\0b"],
    [": no name"],
)


def test_d10_a_request_that_could_be_read_in_two_ways_hides_no_second_one(url):
    """At most one answer, and none to what was hidden."""
    hidden = b"0\r\n\r\nGET /hidden-one/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for lines in TWO_WAYS:
        said = say(url, head("POST", "/login/", url, COOKIE, FORM, *lines) + hidden)
        assert said.status in (0, 400, 403, 411, 413, 431, 501), lines
        assert said.text.count("HTTP/1.1 ") <= 1, lines


NO_REQUESTS = {
    "a path of two megabytes": b"GET /" + b"a" * (2 * MEGABYTE) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "such a header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * (2 * MEGABYTE) + b"\r\n\r\n",
    "a hundred thousand": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Many: a\r\n" * 100_000 + b"\r\n",
    "NUL": b"\0" * MEGABYTE,
    "a version that there is not": b"GET / HTTP/9.9\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 600,
}


def test_d10_what_is_no_request_or_too_long_for_one_is_refused(url):
    for kind, start in NO_REQUESTS.items():
        assert say(url, start).status in (0, 400, 414, 431, 505), kind
        answers_others(url)


def dribble(url: str, start: bytes, rest: bytes, every: float, until: threading.Event, ends: list[Said]) -> None:
    """Send a byte and wait, and again."""
    with open_line(url) as line:
        line.sendall(start)
        with contextlib.suppress(OSError):
            for byte in rest:
                if until.wait(every):
                    break
                line.sendall(bytes([byte]))
            line.shutdown(socket.SHUT_WR)
        ends.append(heard(line))


@pytest.mark.parametrize(
    ("start", "clients"),
    [
        # Heads that never end hold a line and no thread, so there may be many.
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", 60),
        # A body that never ends holds a thread of the program: fewer of them than a process has. nginx takes bodies
        # whole before it hands them on, which test_d10_the_proxy_takes_slow_clients_whole shows to be asked of it.
        (head("POST", "/login/", "http://localhost", COOKIE, FORM, "Content-Length: 2000"), 5),
    ],
    ids=["heads", "bodies"],
)
def test_d10_others_are_answered_while_clients_are_slow(url, start, clients):
    until, ends = threading.Event(), []
    slow = [
        threading.Thread(target=dribble, args=(url, start, b"a" * 1000, 0.5, until, ends), daemon=True)
        for _ in range(clients)
    ]
    for one in slow:
        one.start()
    try:
        for _ in range(3):
            answers_others(url)
    finally:
        until.set()
        for one in slow:
            one.join(30)
    assert len(ends) == clients
    assert not any("500" in end.text.split("\r\n", 1)[0] for end in ends)
    answers_others(url)


@pytest.mark.prove
def test_d10_a_head_that_does_not_end_is_cut_off(url):
    """After half a minute, whoever is still writing the first lines is sent away."""
    began = time.monotonic()
    with open_line(url) as line:
        line.settimeout(60)
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert heard(line).status in (0, 408)
    assert time.monotonic() - began < 45


def test_d10_the_proxy_takes_slow_clients_whole():
    """The fence before the program, in the example that operators start from."""
    text = (place.BASE / "deploy/nginx.conf").read_text(encoding="utf-8")
    everywhere, _, office = text.partition("location /office/ {")
    said = dict(re.findall(r"^\s+(\w+)\s+([^;]+);", everywhere, re.M))
    assert said["proxy_request_buffering"] == "on"
    assert said["client_max_body_size"] == "1m"
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        assert int(said[name].removesuffix("s")) <= 20
    assert said["large_client_header_buffers"] == "4 8k"
    assert re.findall(r"client_max_body_size ([^;]+);", office) == ["201m"], "files come to the office alone"


def test_d10_a_body_within_the_bound_is_taken(url):
    """The control of the refusals: the same request, shorter, is answered by the page itself."""
    body = b"account=" + b"a" * 1000
    said = say(url, head("POST", "/login/", url, FORM, f"Content-Length: {len(body)}") + body)
    assert (said.status, "提交的内容过大" in said.text) == (403, False)

"""Slow clients before the arrangement of production (d10): the real nginx, configured by `deploy/nginx.conf`.

Not part of `make test`, since nginx need not be on the machine: `bin/test tests/attacks/before_nginx.py`.
"""

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from baokao.config import place
from tests.attacks.test_bodies import COOKIE, FORM, dribble
from tests.attacks.wire import Said, head, heard, open_line, say
from tests.cast import set_stage
from tests.site import free_port

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = head("POST", "/login/", "http://localhost", COOKIE, FORM, "Content-Length: 2000")


def configuration(folder: Path, port: int, behind: int) -> str:
    """The shipped example, without certificates and with the addresses of this test."""
    text = (place.BASE / "deploy/nginx.conf").read_text(encoding="utf-8")
    text = text.replace("unix:/run/baokao/web.sock", f"127.0.0.1:{behind}").replace("/var/log/nginx", str(folder))
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, count=1, flags=re.S)
    text = text.replace("listen 443 ssl;\n    http2 on;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"\n\s+ssl_\w+[^;]*;", "", text).replace("server_name baokao.example.edu.cn", "server_name localhost")
    places = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"pid {folder}/pid; worker_processes 2; daemon off; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 2048; }}\nhttp {{ {places}\n{text}\n}}\n"
    )


@pytest.fixture
def proxied(live_site, tmp_path) -> Iterator[str]:
    """The site as the country would reach it."""
    set_stage()
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    assert program, "this proof needs nginx (on Debian: apt-get install nginx-light)"
    port = free_port()
    (tmp_path / "nginx.conf").write_text(configuration(tmp_path, port, live_site.port))
    child = subprocess.Popen([program, "-c", str(tmp_path / "nginx.conf")])
    try:
        for _ in range(100):
            with closing(socket.socket()) as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(10)


@contextmanager
def slow_clients(url: str, count: int) -> Iterator[list[Said]]:
    """So many clients that send a form a byte a second."""
    until, ends = threading.Event(), []
    clients = [
        threading.Thread(target=dribble, args=(url, LOGIN, b"a" * 1000, 1.0, until, ends), daemon=True)
        for _ in range(count)
    ]
    for one in clients:
        one.start()
    try:
        yield ends
    finally:
        until.set()
        for one in clients:
            one.join(30)


def asked_from(url: str, source: str) -> Said:
    """A page, asked from another address of this machine: the example bounds the lines of each."""
    began = time.monotonic()
    address = ("127.0.0.1", int(url.rpartition(":")[2]))
    with socket.create_connection(address, timeout=20, source_address=(source, 0)) as line:
        line.sendall(head("GET", "/login/", "http://localhost"))
        return heard(line, began=began)


@pytest.mark.parametrize("count", [18, 150, 600])
def test_d10_no_number_of_slow_clients_keeps_others_from_being_answered(proxied, count):
    with slow_clients(proxied, count):
        answers = [asked_from(proxied, "127.0.0.2") for _ in range(40)]
    assert {answer.status for answer in answers} == {200}


def test_d10_control_the_program_alone_would_be_held_by_them(live_site):
    """Why nginx stands before it: eighteen threads are held by thirty half-sent bodies."""
    set_stage()
    with slow_clients(live_site.url, 30):
        time.sleep(1)
        with open_line(live_site.url) as line:
            line.settimeout(3)
            line.sendall(head("GET", "/login/", "http://localhost"))
            assert heard(line).status == 0


def test_d10_a_body_that_stops_is_ended(proxied):
    began = time.monotonic()
    with open_line(proxied) as line:
        line.sendall(LOGIN)
        assert heard(line).status in (0, 408)
    assert 5 < time.monotonic() - began < 15


SAID_ONCE = ("content-security-policy", "x-content-type-options", "strict-transport-security")


@pytest.mark.parametrize(("path", "status"), [("/login/", 200), ("/static/nothing.css", 404), ("/metrics", 404)])
def test_every_answer_of_nginx_says_once_how_it_is_to_be_taken(proxied, path, status):
    """The program's own words are kept, and nginx's own answers have some too (ASVS 3.4.1 to 3.4.6)."""
    said = say(proxied, head("GET", path, "http://localhost"))
    names = [line.partition(":")[0].lower() for line in said.text.split("\r\n\r\n")[0].split("\r\n")[1:]]
    assert said.status == status
    assert [names.count(name) for name in SAID_ONCE] == [1, 1, 1]
    assert ("form-action" in said.text) == (status == 200), "the page's own policy, which says more"


def test_nginx_takes_no_trace(proxied):
    assert say(proxied, head("TRACE", "/login/", "http://localhost")).status == 405

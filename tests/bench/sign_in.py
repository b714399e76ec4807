"""Bench 3: sign-in POSTs a second against bare Argon2id, same parameters and cores; rounds alternate."""

import itertools
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from urllib.parse import urlencode

from tests.bench.client import Visitor
from tests.site import Site

ACCOUNTS, ROUNDS, SECONDS, LINES = 400, 3, 8.0, 8
PASSWORD = "bench password of nobody"


def run() -> list[dict[str, object]]:
    """One row."""
    from tests import cast

    _flush()
    cast.set_stage()
    accounts = _accounts()
    cores = os.cpu_count() or 1
    site = Site("tests.bench.bare:application", workers=cores, threads=4)
    signed, bare = [], []
    try:
        for _ in range(ROUNDS):
            signed.append(_sign_in(site, accounts))
            bare.append(_bare(cores))
    finally:
        site.stop()
    ratio = median(one / other for one, other in zip(signed, bare, strict=True))
    return [
        {
            "bench": "sign-in POSTs", "ours": f"{median(signed):.0f}/s",
            "against": f"{median(bare):.0f}/s bare Argon2id",
            "ratio": round(ratio, 2), "goal": "≥ 0.85",
        }
    ]  # fmt: skip


def _flush() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def _accounts() -> list[str]:
    from django.contrib.auth.hashers import make_password

    from baokao.core import clock
    from baokao.passport.models import Passport
    from baokao.passport.services import PRIVACY_VERSION

    encoded, now = make_password(PASSWORD), clock.now()
    names = [f"s{n}@example.com" for n in range(ACCOUNTS)]
    Passport.objects.bulk_create(
        Passport(
            account=name, account_folded=name, password=encoded, registered_at=now, privacy_version=PRIVACY_VERSION
        )
        for name in names
    )
    return names


def _sign_in(site: Site, accounts: list[str]) -> float:
    """Sign-ins a second over several lines. Requests are made beforehand: the client takes little of the cores."""
    from baokao.core.captcha import tokens

    begin = Visitor(site.url)
    begin.get("/login/")
    prepared = [
        [
            _request(begin, account, tokens.issue("login"))
            for account in itertools.islice(itertools.cycle(accounts[line::LINES]), 250)
        ]
        for line in range(LINES)
    ]
    _forget_throttles()
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(LINES) as pool:
        begun = time.monotonic()
        done = sum(pool.map(lambda requests: _line(site.port, requests, until), prepared))
        return done / (time.monotonic() - begun)


def _request(visitor: Visitor, account: str, captcha: str) -> bytes:
    form = {
        "csrfmiddlewaretoken": visitor.hidden("csrfmiddlewaretoken"), "account": account, "password": PASSWORD,
        "captcha": "8888", "captcha_token": captcha,
    }  # fmt: skip
    body = urlencode(form)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    return (
        f"POST /login/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    ).encode()


def _line(port: int, requests: list[bytes], until: float) -> int:
    done = 0
    with socket.create_connection(("127.0.0.1", port)) as line:
        for request in requests:
            if time.monotonic() >= until:
                break
            line.sendall(request)
            # A sign-in's answer is a redirect of one packet.
            assert line.recv(65536).startswith(b"HTTP/1.1 302"), "not signed in"
            done += 1
    return done


def _forget_throttles() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_throttle, core_captchause")


def _bare(cores: int) -> float:
    """Hashes a second, one process a core, as the reference of what the cores can do."""
    code = (
        "import sys,time,django;django.setup()\n"
        "from django.contrib.auth.hashers import check_password,make_password\n"
        "e=make_password('x');b=time.monotonic();n=0\n"
        f"while time.monotonic()-b<{SECONDS}: check_password('x',e);n+=1\n"
        "print(n/(time.monotonic()-b))"
    )
    workers = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(cores)]
    return sum(float(worker.communicate()[0]) for worker in workers)

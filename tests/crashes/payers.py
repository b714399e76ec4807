"""Candidates who pay while parts of the house die, and what was acknowledged to them and to the providers.

Whoever gets no answer does what people do: the same again, until there is one.
"""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from baokao.passport.models import Passport
from baokao.sandbox.provider.alipay.wire import Refused
from baokao.sandbox.provider.payease.wire import Unpayable
from tests.races.volley import Answer, Shot

PATIENCE = 90.0
# Seconds that somebody waits for a payment that is being confirmed.
DOUBT = 15.0
_FORM = re.compile(r'<form id="leave" method="post" action="([^"]*)">(.*?)</form>', re.S)
_INPUT = re.compile(r'name="([^"]*)" value="([^"]*)"')
# Our number, plainly or as 首信易支付 has it, with the merchant's between its parts.
_NUMBER = re.compile(r"(\d{8})(?:-\d+-)?([0-9a-f]{20})")


def now() -> datetime:
    return datetime.now(UTC)


def numbers(text: str) -> list[str]:
    """The attempts' numbers in a text that may be part of an address."""
    return [day + rest for day, rest in _NUMBER.findall(unquote_plus(text))]


@dataclass
class Witness:
    """What was acknowledged, by number of the attempt, each with the moment by which the answer was there; and for
    which numbers a provider took money."""

    started: dict[str, datetime] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    shown: dict[str, datetime] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    unanswered: int = 0


class Listening:
    """A provider's desk, for its sender: what the site acknowledges is written down."""

    def __init__(self, desk, accepted: bytes, witness: Witness) -> None:
        self.desk, self.accepted, self.witness = desk, accepted, witness
        self.sent: dict[int, str] = {}

    def due(self, moment, limit=100):
        found = self.desk.due(moment, limit)
        self.sent |= {one.id: (one.body or b"").decode() + one.url for one in found}
        return found

    def report(self, notice, status, answer, moment):
        if status == 200 and answer == self.accepted:
            for number in numbers(self.sent[notice]):
                if number in self.witness.paid:
                    self.witness.told.setdefault(number, moment)
        self.desk.report(notice, status, answer, moment)


class Payer:
    """One candidate on the way from 去支付 to 支付成功, whom `chance` leads."""

    def __init__(self, url: str, desks, witness: Witness, passport: Passport, chance: random.Random) -> None:
        self.host, self.port = urlsplit(url).hostname, urlsplit(url).port
        self.alipay, self.payease = desks
        self.witness, self.passport, self.chance = witness, passport, chance
        self.deadline = time.monotonic() + PATIENCE

    def run(self) -> None:
        """All of it. Who has a second window pays there, too."""
        style = self.chance.choice(("straight", "straight", "hesitant", "two windows"))
        windows = [self.start()]
        if style != "straight":
            windows.append(self.start())
        if style == "hesitant":
            del windows[0]
        for latest, window in enumerate(reversed(windows)):
            if window:
                # Nobody asks soon about a window that another one has ended, so the provider tells of its money.
                self.pay(window, withheld=latest == 0 and self.chance.random() < 0.15)
            self.breathe()
        self.wait_for_the_result(asks=self.chance.random() < 0.7)

    def start(self):
        """去支付, until an answer comes: how to reach the cashier, or None when it is paid already or in doubt."""
        way = self.chance.choice(("alipay", "alipay", "payease"))
        form = [("step", "go"), ("subject", "1"), ("way", way)] + [("bank", "85")] * (way == "payease")
        answer = self.insist(Shot(self.passport, "/my/pay/", tuple(form)))
        if answer.status == 302 and (found := numbers(answer.location)):
            self.witness.started.setdefault(found[0], now())
            return found[0], "alipay", tuple(parse_qsl(urlsplit(answer.location).query))
        if form := _FORM.search(answer.body):
            fields = tuple((name, unescape(value)) for name, value in _INPUT.findall(form[2]))
            number = numbers(dict(fields)["v_oid"])[0]
            self.witness.started.setdefault(number, now())
            return number, urlsplit(form[1]).path, fields
        assert answer.status in (200, 302), f"去支付 was answered by {answer.status} {answer.location}"
        return None

    def pay(self, window, *, withheld: bool = False) -> None:
        """At the cashier. A provider that takes no money for it any more says so."""
        number, page, pairs = window
        faults = ("withheld",) if withheld else ()
        self.witness.paid.add(number)
        try:
            if page == "alipay":
                self.alipay.pay(self.alipay.arrive(pairs, now()), now(), faults)
            else:
                self.payease.pay(self.payease.arrive(page, pairs, now()), now(), faults)
        except (Refused, Unpayable):
            self.witness.paid.discard(number)

    def wait_for_the_result(self, *, asks: bool) -> None:
        """支付结果, with or without 更新, until it says that it is paid.

        Who finds nothing paid begins again, and so does, after some seconds, who was left in doubt: the answer that led
        to the cashier may have been lost.
        """
        began, read = time.monotonic(), ""
        while True:
            assert time.monotonic() < self.deadline, f"{self.passport.account} got no further than {read}"
            if asks:
                self.insist(Shot(self.passport, "/my/pay/refresh/", (("to", "result"),)))
            page = self.insist(Shot(self.passport, "/my/pay/result/", ()), "GET")
            if "支付成功" in page.body:
                for number in numbers(page.body.partition("支付成功")[2].partition("</section>")[0])[:1]:
                    self.witness.shown.setdefault(number, now())
                return
            if "款项原路退回" in page.body:
                return
            read = str(re.findall("<h2>(.*?)</h2>|class=.code.>(.*?)<", page.body))
            in_doubt = "确认中" in page.body and time.monotonic() < began + DOUBT
            if not in_doubt and (window := self.start()):
                self.pay(window)
            time.sleep(0.3)

    def insist(self, shot: Shot, method: str = "POST") -> Answer:
        """The answer, asked for until there is one."""
        while True:
            assert time.monotonic() < self.deadline, f"{shot.path} never answers {self.passport.account}"
            self.breathe()
            answer = self._once(shot, method)
            if answer is not None and answer.status < 500 and answer.status != 429:
                return answer
            self.witness.unanswered += 1
            time.sleep(0.2)

    def breathe(self) -> None:
        time.sleep(self.chance.random() * 0.15)

    def _once(self, shot: Shot, method: str) -> Answer | None:
        connection = HTTPConnection(self.host, self.port, timeout=10)
        try:
            body = urlencode([*shot.form, ("csrfmiddlewaretoken", "k" * 32)]) if method == "POST" else None
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": shot.cookies()}
            connection.request(method, shot.path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers.get("Location", ""), response.read().decode())
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()


class Crowd:
    """So many payers at once, each followed by the next."""

    def __init__(self, payers, at_once: int) -> None:
        self._waiting, self._lock = list(payers), threading.Lock()
        self.failed: list[BaseException] = []
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(at_once)]
        for thread in self._threads:
            thread.start()

    def over(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self.failed:
                    return
                payer = self._waiting.pop()
            payer.deadline = time.monotonic() + PATIENCE
            try:
                payer.run()
            except BaseException as failed:
                self.failed.append(failed)

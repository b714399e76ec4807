"""Many requests released together, over real HTTP."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse

from baokao.passport import session
from baokao.passport.models import Passport

_TOKEN = "k" * 32


@dataclass(frozen=True)
class Shot:
    """One submission of a form by a signed-in passport."""

    passport: Passport
    path: str
    form: tuple[tuple[str, str], ...]

    def send(self, host: str, port: int, barrier: threading.Barrier) -> "Answer":
        body = urlencode([*self.form, ("csrfmiddlewaretoken", _TOKEN)])
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookies(),
            "Host": f"{host}:{port}",
        }
        connection = HTTPConnection(host, port, timeout=60)
        connection.connect()
        barrier.wait()
        connection.request("POST", self.path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return Answer(response.status, response.headers.get("Location", ""), text)

    def cookies(self) -> str:
        response = HttpResponse()
        session.open_for(response, self.passport)
        signed = response.cookies[settings.SESSION_COOKIE_NAME].value
        return f"{settings.SESSION_COOKIE_NAME}={signed}; {settings.CSRF_COOKIE_NAME}={_TOKEN}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str

    @property
    def saved(self) -> bool:
        """The submission was taken: it led on to the registration page."""
        return self.status == 302 and self.location.startswith("/my/registration/")

    @property
    def failed(self) -> bool:
        """The server itself failed."""
        return self.status >= 500


def written(passport: Passport, codes: str) -> Shot:
    """A submission of the written page."""
    return Shot(passport, "/my/written/", tuple(("subject", code) for code in codes))


def giving_up(passport: Passport, along: str = "") -> Shot:
    """A submission of the written page with nothing ticked, agreeing to lose these speaking subjects."""
    return Shot(passport, "/my/written/", tuple(("along", code) for code in along))


def speaking(passport: Passport, code: str, campus: str) -> Shot:
    """A submission of the speaking page with one subject ticked."""
    return Shot(passport, "/my/speaking/", (("subject", code), (f"campus-{code}", campus)))


def fire(url: str, shots: Sequence[Shot]) -> list[Answer]:
    """Connect them all first, then release them together; the answers in the shots' order."""
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 80
    barrier = threading.Barrier(len(shots))
    with ThreadPoolExecutor(len(shots)) as pool:
        return list(pool.map(lambda shot: shot.send(host, port, barrier), shots))

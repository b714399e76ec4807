"""Reading an answer as an attacker would: what it says once what is made anew for every answer is taken out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, unquote

from django.http import HttpResponse

_CSRF = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
# Signed tokens of the captcha and of looked-up records.
_SIGNED = re.compile(r"[\w-]+(?:\.[\w-]+)?:(?:[\w-]+:)?[\w-]{40,}")
_SHORTEST = 6
_ANEW = {"X-Request-ID", "Content-Length"}


@dataclass(frozen=True)
class Heard:
    """Status, headers and body without nonces, captcha tokens, and what was asked for."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: str


def text(response: HttpResponse) -> str:
    """The body, whatever its kind."""
    content = b"".join(response) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def heard(response: HttpResponse, asked: Iterable[str] = ()) -> Heard:
    """What the answer tells, byte by byte but for what is made anew each time and what the visitor asked with."""
    body = _SIGNED.sub("(token)", _CSRF.sub(r"\1(nonce)", text(response)))
    headers = sorted((name, value) for name, value in response.headers.items() if name not in _ANEW)
    for part in sorted(asked, key=len, reverse=True):
        body = _without(body, part)
        headers = [(name, _without(value, part)) for name, value in headers]
    return Heard(response.status_code, tuple(headers), tuple(sorted(response.cookies)), body)


def tells(response: HttpResponse, secrets: Iterable[str], sent: Iterable[str] = ()) -> list[str]:
    """Which of the secrets stand anywhere in the answer, once what was sent is taken out."""
    whole = "\n".join([text(response), *(f"{name}: {value}" for name, value in response.headers.items())])
    whole += "\n".join(morsel.OutputString() for morsel in response.cookies.values())
    whole = f"{whole}\n{unquote(whole)}\n{unescape(whole)}"
    for part in sent:
        whole = _without(whole, part)
    return [secret for secret in secrets if secret and secret in whole]


def difference(answers: Iterable[Heard]) -> str:
    """The first words in which two answers differ, for the message of a test."""
    first, *others = answers
    for other in others:
        if (first.status, first.headers, first.cookies) != (other.status, other.headers, other.cookies):
            return f"{first.status} {first.headers} {first.cookies} | {other.status} {other.headers} {other.cookies}"
        at = next((n for n, (a, b) in enumerate(zip(first.body, other.body, strict=False)) if a != b), None)
        if at is not None:
            return f"{first.body[max(at - 40, 0) : at + 60]} | {other.body[max(at - 40, 0) : at + 60]}"
    return "one is longer"


def _without(whole: str, part: str) -> str:
    # A code of a letter or two stands everywhere; taking it out would only spoil the page.
    if len(part) < _SHORTEST:
        return whole
    for written in {part, quote(part, safe=""), quote(part)}:
        whole = whole.replace(written, "…") if written else whole
    return whole

"""What every answer says of itself, page or refusal (ASVS 3.4.2 to 3.4.6, 4.1.1, 13.4.4)."""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import a_candidate, set_stage
from tests.guards.test_audiences import STATED, filled

pytestmark = pytest.mark.django_db
WITH_A_CHARSET = ("text/html", "text/plain", "text/csv")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WITHOUT = ("image/png", "image/jpeg", "audio/wav", WORKBOOK)
METHODS = ("get", "head", "options", "post")


def faults(answer: HttpResponse) -> list[str]:
    """What the answer should say and doesn't, and what it says and shouldn't."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    kind = headers.get("Content-Type", "")
    known = kind in WITHOUT or (kind.startswith(WITH_A_CHARSET) and kind.endswith("charset=utf-8"))
    wrong = {
        "may load anything": "default-src 'none'" not in policy or "base-uri 'none'" not in policy,
        "may be framed": "frame-ancestors 'none'" not in policy,
        "may be guessed": headers.get("X-Content-Type-Options") != "nosniff",
        "may tell its address": "Referrer-Policy" not in headers,
        "may be read by others": any(name.lower().startswith("access-control-") for name in headers),
        f"has a kind that nobody knows: {kind}": (answer.streaming or bool(answer.content)) and not known,
    }
    return [what for what, is_so in wrong.items() if is_so]


@pytest.fixture
def visitors(signed_in):
    """Who isn't known, and a candidate."""
    return Client(), signed_in(a_candidate(set_stage()))


def test_every_answer_says_how_it_is_to_be_taken(visitors):
    for pattern in STATED:
        for visitor in visitors:
            for method in METHODS:
                answer = getattr(visitor, method)(filled(pattern), headers={"Origin": "https://elsewhere.example"})
                assert faults(answer) == [], (method, pattern)


def test_no_address_answers_to_trace(visitors):
    for pattern in STATED:
        for visitor in visitors:
            answer = visitor.trace(filled(pattern))
            assert answer.status_code in (302, 403, 404, 405), pattern
            assert b"TRACE" not in answer.content, pattern


def test_an_answer_that_is_shed_says_it_too(settings):
    settings.IN_FLIGHT_LIMIT = 0
    answer = Client().get("/login/")
    assert answer.status_code == 503
    assert faults(answer) == []


def test_control_an_answer_that_is_shed_outside_of_the_headers_says_nothing(settings):
    settings.IN_FLIGHT_LIMIT = 0
    outermost, second, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = [second, outermost, *others]
    assert "may be framed" in faults(Client().get("/login/"))


def test_control_an_answer_that_says_nothing_is_found():
    headers = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}
    assert len(faults(HttpResponse(b"{}", headers=headers))) == 6

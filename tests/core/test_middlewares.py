"""What every request passes through (rules H2, H3; proofs d8, f12)."""

import json
import threading
from types import SimpleNamespace
from typing import cast

import psycopg.errors
import pytest
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from baokao.core import clock, switches
from baokao.core.http import client, errors
from baokao.core.http.middleware.bounds import RefuseTheImpossible
from baokao.core.http.middleware.errors import RefuseKindly
from baokao.core.http.middleware.headers import SecurityHeaders
from baokao.core.http.middleware.read_only import RefuseWritesWhenReadOnly
from baokao.core.http.middleware.requests import NameAndLogRequest
from baokao.core.http.middleware.shedding import ShedLoad
from baokao.core.http.refusals import RateLimited, Unavailable


def ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@pytest.fixture(autouse=True)
def plain_pages(monkeypatch):
    """The error pages' templates are proved elsewhere; here their words are enough."""
    monkeypatch.setattr(errors, "render_to_string", lambda template, words, request: f"{template} {words['message']}")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "expected"),
    [
        (0, "", "203.0.113.9", "203.0.113.9"),
        (0, "198.51.100.1", "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "10.0.0.1", "10.0.0.1"),
        (1, "<script>", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "::ffff:198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (1, "2001:DB8::0:1", "10.0.0.1", "2001:db8::1"),
        (1, "fe80::1%eth0", "10.0.0.1", "fe80::1"),
        (0, "", "", "0.0.0.0"),
    ],
)
def test_d8_the_client_is_believed_from_our_own_proxies_only(settings, proxies, forwarded, peer, expected):
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer)
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client.address(request) == expected


def test_an_ipv6_client_is_its_whole_line(settings):
    settings.PROXY_COUNT = 0
    keys = {client.client_key(RequestFactory().get("/", REMOTE_ADDR=f"2001:db8:1:2::{n}")) for n in range(1, 5)}
    assert keys == {"2001:db8:1:2::/64"}
    assert client.client_key(RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")) == "203.0.113.9"


def test_beyond_the_bound_a_request_is_turned_away_at_once(settings):
    settings.IN_FLIGHT_LIMIT = 3
    inside, may_end = threading.Semaphore(0), threading.Event()

    def slow(request: HttpRequest) -> HttpResponse:
        inside.release()
        may_end.wait(20)
        return HttpResponse("slow")

    shed = ShedLoad(slow)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(shed(RequestFactory().get("/")).status_code)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        inside.acquire(timeout=20)
    refused = shed(RequestFactory().get("/"))
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "系统繁忙，请稍后再试。" in refused.content.decode()
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert answers == [200, 200, 200]
    assert shed(RequestFactory().get("/")).status_code == 200, "a place that came free is free"


def test_a_full_house_still_tells_how_it_is(settings):
    settings.IN_FLIGHT_LIMIT = 0
    shed = ShedLoad(ok)
    assert shed(RequestFactory().get("/")).status_code == 503
    assert {shed(RequestFactory().get(path)).status_code for path in ("/healthz", "/readyz", "/metrics")} == {200}


def test_a_place_is_given_back_after_an_exception(settings):
    settings.IN_FLIGHT_LIMIT = 1

    def broken(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    shed = ShedLoad(broken)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            shed(RequestFactory().get("/"))


@pytest.mark.parametrize("said", ["262145", "99999999999999"])
def test_d10_a_body_above_the_bound_is_refused_before_a_byte_of_it_is_read(said):
    request = RequestFactory().post("/", CONTENT_LENGTH=said)
    request.META["wsgi.input"] = request._stream = None
    answer = RefuseTheImpossible(ok)(request)
    assert (answer.status_code, "提交的内容过大" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("said", ["", "262144", "-1", "x", "²"])
def test_d10_a_body_within_the_bound_or_of_no_known_length_goes_on(said):
    assert RefuseTheImpossible(ok)(RequestFactory().post("/", CONTENT_LENGTH=said)).status_code == 200


def test_d9_a_path_with_a_nul_leads_nowhere():
    assert RefuseTheImpossible(ok)(RequestFactory().get("/pages/x%00/")).status_code == 404
    assert RefuseTheImpossible(ok)(RequestFactory().get("/pages/x/?find=%00")).status_code == 200


def test_every_answer_forbids_what_is_not_ours():
    headers = SecurityHeaders(ok)(RequestFactory().get("/")).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers


def test_production_asks_for_https_for_good(settings):
    settings.PRODUCTION = True
    assert "max-age" in SecurityHeaders(ok)(RequestFactory().get("/"))["Strict-Transport-Security"]


def test_f12_what_no_view_calls_public_is_kept_by_nobody():
    assert SecurityHeaders(ok)(RequestFactory().get("/"))["Cache-Control"] == "private, no-store"
    public = SecurityHeaders(lambda request: HttpResponse(headers={"Cache-Control": "public, max-age=2"}))
    assert public(RequestFactory().get("/"))["Cache-Control"] == "public, max-age=2"


def test_the_access_log_names_the_route_and_no_person(capsys):
    def view(request: HttpRequest) -> HttpResponse:
        request.resolver_match = cast(ResolverMatch, SimpleNamespace(route="lights/<campus_code>/"))
        return HttpResponse("x", status=404)

    request = RequestFactory().get("/lights/110101199001011237/?name=颜明", REMOTE_ADDR="198.51.100.77")
    response = NameAndLogRequest(view)(request)
    written = capsys.readouterr().err
    line = json.loads(written.strip().splitlines()[-1])
    assert (line["route"], line["status"], line["method"]) == ("/lights/<campus_code>/", 404, "GET")
    assert line["request_id"] == response["X-Request-ID"]
    assert not any(word in written for word in ("110101199001011237", "颜明", "198.51.100.77"))


def db_error(kind, cause) -> Exception:
    error = kind("x")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RateLimited(), 429),
        (Unavailable(), 503),
        (db_error(OperationalError, psycopg.errors.LockNotAvailable()), 503),
        (db_error(OperationalError, psycopg.errors.DeadlockDetected()), 503),
        (db_error(OperationalError, psycopg.errors.QueryCanceled()), 503),
        (OperationalError("couldn't get a connection after 3.00 sec"), 503),
        (InterfaceError("the connection is closed"), 503),
        (db_error(InternalError, psycopg.errors.ReadOnlySqlTransaction()), 503),
    ],
)
def test_a_house_that_cannot_answer_says_when_to_come_back(error, status):
    response = RefuseKindly(ok).process_exception(RequestFactory().get("/"), error)
    assert response is not None
    assert response.status_code == status
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("error", [ZeroDivisionError(), IntegrityError(), InternalError("other"), KeyError("x")])
def test_a_fault_of_the_program_is_no_refusal(error):
    assert RefuseKindly(ok).process_exception(RequestFactory().get("/"), error) is None


def test_an_error_page_appears_even_if_its_template_is_broken(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(errors, "render_to_string", broken)
    response = errors.not_found(RequestFactory().get("/"))
    assert response.status_code == 404
    assert "返回首页" in response.content.decode()


def test_a_database_down_below_the_views_is_503_and_not_500():
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 503
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 500


@pytest.mark.django_db
def test_while_read_only_pages_are_shown_and_nothing_is_written():
    guarded = RefuseWritesWhenReadOnly(ok)
    assert guarded(RequestFactory().post("/")).status_code == 200
    switches.turn(switches.READ_ONLY, True, clock.now())
    assert guarded(RequestFactory().get("/")).status_code == 200
    refused = guarded(RequestFactory().post("/"))
    assert refused.status_code == 503
    assert "系统维护中" in refused.content.decode()
    switches.turn(switches.READ_ONLY, False, clock.now())
    assert guarded(RequestFactory().post("/")).status_code == 200


@pytest.mark.django_db
def test_reading_pages_never_ask_for_the_switch(django_assert_num_queries):
    with django_assert_num_queries(0):
        RefuseWritesWhenReadOnly(ok)(RequestFactory().get("/"))

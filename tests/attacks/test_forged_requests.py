"""Requests that another site makes the browser send (e14): nothing unsafe is taken without the form's token, and
nothing at all is written."""

import pytest
from django.test import Client
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from baokao.passport.views import logout
from tests.attacks.filling import fill
from tests.attacks.forms import Form
from tests.attacks.people import House, client_of, copy_of
from tests.attacks.samples import addresses
from tests.attacks.tables import Writes, tables, undone

pytestmark = pytest.mark.django_db

# Stated: a provider has no form of ours; its message is believed by its signature (rule D3).
BY_SIGNATURE = {"/pay/notify/<str:provider>/"}
ELSEWHERE = {"HTTP_ORIGIN": "https://evil.example", "HTTP_REFERER": "https://evil.example/page"}


def strict(client: Client) -> Client:
    """The same browser before a site that checks tokens, as the real one does."""
    other = copy_of(client)
    other.handler.enforce_csrf_checks = True
    return other


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_e14_every_unsafe_method_on_every_address_needs_the_token(house, method):
    assert not_refused(house, method) == BY_SIGNATURE


def not_refused(house: House, method: str) -> set[str]:
    """The addresses that answer an unsafe request without a token with anything but 403, or write because of it."""
    names, found = tables(), set()
    for address in addresses(house, house.owner):
        with undone():
            writes = Writes(names)
            answer = getattr(strict(client_of(house.owner)), method)(address.path, **ELSEWHERE)
            if answer.status_code != 403 or writes.touched():
                found.add(address.route.pattern)
    return found


TOKENS = {
    "none": None,
    "empty": "",
    "of another length": "x",
    "made up": "a" * 64,
    "another browser's": "theirs",
    "with a NUL": "\0" * 64,
}


@pytest.mark.parametrize("kind", TOKENS)
def test_e14_every_form_needs_its_own_token(house, forms, kind):
    names = tables()
    theirs = Client().get("/login/").cookies["csrf"].value
    for form in forms:
        if form.method != "post":
            continue
        values: dict[str, list[str]] = fill(form, house)
        if TOKENS[kind] is not None:
            values["csrfmiddlewaretoken"] = [theirs if TOKENS[kind] == "theirs" else TOKENS[kind]]
        with undone():
            client = strict(form.client)
            client.get("/login/")
            writes = Writes(names)
            assert client.post(form.path, values).status_code == 403, form
            assert writes.touched() == [], form


def test_e14_with_its_own_token_a_form_is_taken(house, forms):
    """Else the refusals above would prove nothing."""
    assert [str(form) for form in forms if form.method == "post" and not taken_with_token(house, form)] == []


def taken_with_token(house: House, form: Form, **more: str) -> bool:
    with undone():
        client = strict(form.client)
        client.get("/login/")
        values = fill(form, house) | {"csrfmiddlewaretoken": [client.cookies["csrf"].value]}
        if form.button[0]:
            values[form.button[0]] = [form.button[1]]
        return client.post(form.path, values, **more).status_code in (200, 302)


def test_e14_a_token_brought_by_another_site_is_worth_nothing(house, forms):
    """Should a site ever learn the token, the browser's own word on where the form stood still counts."""
    for form in forms:
        if form.method == "post":
            assert not taken_with_token(house, form, HTTP_ORIGIN="https://evil.example"), form


urlpatterns = [path("logout/", csrf_exempt(logout)), path("", include("baokao.config.urls"))]


def test_e14_control_a_view_that_asks_for_no_token_is_found(house, settings):
    settings.ROOT_URLCONF = __name__
    assert "/logout/" in not_refused(house, "post")

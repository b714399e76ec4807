"""Everything that attackers type, in every field of every form, in every query and every cookie: never a fault, never
anything but words on the page (d6)."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from baokao.core.http.audience import Audience, audience
from tests.attacks.filling import fill
from tests.attacks.forms import Form
from tests.attacks.payloads import PAYLOADS, POLYGLOT, WORST, effects
from tests.attacks.people import House, copy_of
from tests.attacks.samples import addresses
from tests.attacks.tables import undone

pytestmark = pytest.mark.django_db

# Where what was typed into the account is shown again.
SHOWN_AGAIN = ("/passport/", "/passport/edit/", "/my/", "/my/registration/")
# What pages read from their addresses, and what they could.
PARAMETERS = (
    "next", "to", "sitting", "purpose", "find", "tick", "subject", "F", "S", "page", "q", "sort", "found", "saved",
    "sent", "closed", "cancelled", "looked", "registered", "reset", "fresh", "id", "number", "code", "name",
)  # fmt: skip


def attacks_on(form: Form, house: House, whole: bool) -> Iterator[dict[str, list[str]]]:
    """The payloads in all that is typed at once, and the worst of them in each field by itself and as a field's name,
    with each other choice that there is, too; as a whole, each payload in each field."""
    right = fill(form, house)
    for choice in others(form, right):
        yield from (choice | {name: [POLYGLOT]} for name in right)
    typed = [name for name, field in form.fields.items() if field.typed] or list(right)
    # A captcha shown anew reads nothing but what is typed, and shows it again as every refusal does.
    if form.button[0] == "fresh" and not whole:
        yield right | {name: [POLYGLOT] for name in typed}
        return
    for payload in some(whole):
        yield right | {name: [payload] for name in typed}
        if whole:
            yield right | {payload: [payload]}
            yield from (right | {name: [payload]} for name in right)
    yield right | {POLYGLOT: [POLYGLOT]}
    yield from (right | {name: [*right[name], POLYGLOT]} for name in right)
    yield from (right | {name: [payload]} for name in right for payload in (POLYGLOT, "\0"))


def others(form: Form, right: dict[str, list[str]]) -> Iterator[dict[str, list[str]]]:
    """The form filled in rightly with each other choice among a few, say the other payment provider."""
    for name, field in form.fields.items():
        if field.kind == "radio":
            yield from (right | {name: [choice]} for choice in field.choices if [choice] != right[name])


def some(whole: bool) -> list[str]:
    return [payload for name, payload in PAYLOADS.items() if whole or name in WORST]


def faults_of(house: House, forms: list[Form], whole: bool = False) -> list[str]:
    """The forms on which a payload had an effect, at once or on a page that shows it again."""
    found = []
    for form in forms:
        for values in attacks_on(form, house, whole):
            with undone():
                answer = form.send(values)
                found += [f"{form}: {effect}: {str(values)[:300]}" for effect in effects(answer)]
                if answer.status_code == 302 and form.pattern in ("/passport/edit/", "/passport/register/"):
                    found += [f"{form}: {effect} on {where}" for where, effect in _again(form, answer)]
    return found


def _again(form: Form, answer: HttpResponse) -> Iterator[tuple[str, str]]:
    """The effects on the pages that show what was taken."""
    client = copy_of(form.client)
    client.cookies.update(answer.cookies)
    for page in SHOWN_AGAIN:
        yield from ((page, effect) for effect in effects(client.get(page)))


def test_d6_no_field_of_any_form(house, forms):
    assert faults_of(house, forms) == []


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_d6_no_field_of_any_form_in_full(house, forms):
    assert faults_of(house, forms, whole=True) == []


def query(payload: str) -> str:
    return urlencode([(name, payload) for name in (*PARAMETERS, payload[:50])], errors="surrogatepass")


def faults_of_queries(house: House, whole: bool = False) -> list[str]:
    found = []
    for who, client in house.visitors.items():
        for address in addresses(house, house.owner if who == "owner" else None):
            if address.kind != "own":
                continue
            for payload in some(whole) if whole else (POLYGLOT, "\0"):
                with undone():
                    answer = client.get(address.path, QUERY_STRING=query(payload[:2000]))
                found += [f"{address.path} as {who}: {effect}: {payload[:50]!r}" for effect in effects(answer)]
    return found


def test_d6_no_query_of_any_address(house):
    assert faults_of_queries(house) == []


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_d6_no_query_of_any_address_in_full(house):
    assert faults_of_queries(house, whole=True) == []


def faults_of_headers(house: House, whole: bool = False) -> list[str]:
    client, found = house.visitors["owner"], []
    session = client.cookies["baokao"].value
    for address in addresses(house, house.owner):
        if address.kind != "own" or not (whole or address.route.audience == Audience.CANDIDATE):
            continue
        for payload in some(whole) if whole else (POLYGLOT, PAYLOADS["lone surrogate"]):
            raw = payload[:2000].encode("utf-8", "surrogatepass").decode("latin-1")
            headers = dict.fromkeys(("HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_ACCEPT_LANGUAGE", "HTTP_HX_REQUEST"), raw)
            cookies = "; ".join(f"{one}={raw}" for one in ("sitting", "looked_up", "csrf", "x"))
            with undone():
                answer = copy_of(client).get(address.path, HTTP_COOKIE=f"baokao={session}; {cookies}", **headers)
            found += [f"{address.path}: {effect}: {payload[:50]!r}" for effect in effects(answer)]
    return found


def test_d6_no_cookie_and_no_header_that_a_browser_sends(house):
    assert faults_of_headers(house) == []


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_d6_no_cookie_and_no_header_in_full(house):
    assert faults_of_headers(house, whole=True) == []


# The controls: pages that take what comes


@audience(Audience.PUBLIC)
def echoing(request: HttpRequest) -> HttpResponse:
    """Says what it was asked, as it was asked."""
    return HttpResponse(f"<p title='{request.GET.get('q', '')}'>{request.GET.get('name', '')}</p>")


urlpatterns = [path("echo/", echoing), path("", include("baokao.config.urls"))]


@pytest.mark.parametrize(
    ("payload", "effect"),
    [
        ("tag", "<xss-probe> made of what was typed"),
        ("apostrophes", "<p> made of what was typed"),
        ("script", "a script within the page"),
    ],
)
def test_d6_control_a_page_that_says_what_it_was_asked_is_found(client, settings, payload, effect):
    settings.ROOT_URLCONF = __name__
    assert effect in effects(client.get("/echo/", QUERY_STRING=query(PAYLOADS[payload])))


@pytest.fixture
def escapes_nothing(monkeypatch):
    """Templates as they would be with one setting left out."""
    environment = engines["jinja2"].env
    monkeypatch.setattr(environment, "autoescape", False)
    environment.cache.clear()
    yield
    environment.cache.clear()


@pytest.mark.parametrize("payload", ["quotes", "polyglot"])
def test_d6_control_a_field_that_escapes_nothing_is_found(house, forms, escapes_nothing, payload):
    editing = next(form for form in forms if form.pattern == "/passport/edit/" and form.button[0] == "fresh")
    assert effects(editing.send(fill(editing, house) | {"name": [PAYLOADS[payload]]})) != []


@pytest.mark.parametrize("payload", ["tag", "script", "comment"])
def test_d6_control_a_page_that_shows_again_and_escapes_nothing_is_found(house, forms, escapes_nothing, payload):
    editing = next(form for form in forms if form.pattern == "/passport/edit/" and not form.button[0])
    answer = editing.send(fill(editing, house) | {"name": [PAYLOADS[payload][:60]]})
    assert [where for where, _ in _again(editing, answer) if where == "/passport/"] != []

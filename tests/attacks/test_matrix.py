"""Who may reach what: every address × visitor × object, by what is answered and not by its status alone (e11)."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from baokao.core.http.audience import Audience, audience
from baokao.payments.models import Attempt
from tests.attacks import samples
from tests.attacks.answers import Heard, difference, heard, tells
from tests.attacks.people import House, Person, client_of
from tests.attacks.samples import Sample, addresses, missing_samples
from tests.attacks.tables import Writes, about, tables, undone

pytestmark = pytest.mark.django_db

# The demonstration's mailbox is everybody's, and not there in production.
EVERYBODYS = {Audience.SANDBOX}


def test_every_address_with_parts_has_a_sample():
    assert missing_samples() == set(), "say in tests/attacks/samples.py what stands for the parts of these addresses"


def faults_of(house: House, method: str) -> list[str]:
    """Every answer that tells of somebody else, or tells apart what is another's and what isn't there."""
    found = []
    for visitor in (None, *house.people):
        found += faults_for(house, visitor, method)
    return found


def faults_for(house: House, visitor: Person | None, method: str) -> list[str]:
    client, who = client_of(visitor), visitor.who if visitor else "anonymous"
    secrets = [secret for other in house.others(visitor) for secret in other.secrets]
    found: list[str] = []
    denied: dict[str, list[Heard]] = {}
    for address in addresses(house, visitor):
        with undone():
            response = getattr(client, method)(address.path)
        where = f"{method} {address.path} as {who} ({address.kind})"
        if response.status_code >= 500:
            found.append(f"{where}: {response.status_code}")
        # A link of a mail is its own proof: who holds it, and be it nobody signed in, reads whose it is.
        holds = address.kind == "own" and visitor is None
        if address.route.audience not in EVERYBODYS and not holds:
            found += [f"{where} tells {secret}" for secret in tells(response, secrets, address.parts)]
        if address.kind != "own":
            denied.setdefault(address.route.pattern, []).append(heard(response, (address.path, *address.parts)))
    for pattern, answers in denied.items():
        told = set(answers)
        if len(told) > 1:
            found.append(f"{method} {pattern} as {who} tells another's from what isn't there: {difference(told)}")
    return found


@pytest.mark.parametrize("method", ["get", pytest.param("head", marks=pytest.mark.prove), "post"])
def test_e11_nobody_reads_of_another_and_anothers_is_as_if_it_were_not(house, method):
    assert faults_of(house, method) == []


def test_e11_the_owners_own_is_shown(house):
    """The matrix would prove nothing if what is looked for were never shown to anybody."""
    client, shown = client_of(house.owner), set()
    for address in addresses(house, house.owner):
        if address.kind == "own":
            shown |= set(tells(client.get(address.path), house.owner.secrets))
    person = house.owner.record
    assert {person.name, house.owner.passport.account, house.owner.attempt.number, "photo of owner"} <= shown


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_e11_naming_anothers_object_changes_nothing_of_theirs(house, method):
    everything = tables()
    client = client_of(house.owner)
    others = {other.who: about(other.ids, everything) for other in house.others(house.owner)}
    for address in addresses(house, house.owner):
        # Who holds a link may use it; that one is for others to attack (the links' own tests).
        if address.kind == "own":
            continue
        with undone():
            writes = Writes(everything)
            getattr(client, method)(address.path)
            touched = writes.touched()
            for other in house.others(house.owner):
                theirs = {row for row in others[other.who] if row[0] in touched}
                assert about(other.ids, touched) == theirs, f"{method} {address.path}"


# The control: a view that forgets whose it is


@audience(Audience.CANDIDATE)
def unscoped(request: HttpRequest, number: str) -> HttpResponse:
    """Any receipt to anybody, by its number."""
    attempt = Attempt.objects.filter(number=number).first()
    name = attempt.order.registration.name if attempt else ""
    return HttpResponse(name, status=200 if attempt else 404)


urlpatterns = [
    path("", include("baokao.config.urls")),
    path("my/unscoped/<str:number>/", unscoped),
]


def test_e11_a_view_without_scoping_is_found(house, settings, monkeypatch):
    settings.ROOT_URLCONF = __name__
    assert missing_samples() == {"/my/unscoped/<str:number>/"}
    monkeypatch.setitem(
        samples.SAMPLES,
        "/my/unscoped/<str:number>/",
        Sample(lambda person: (person.attempt.number,), ("20260101nothing",)),
    )
    found = faults_for(house, house.classmate, "get")
    assert any("tells 颜如玉" in fault for fault in found)
    assert any("tells another's from what isn't there" in fault for fault in found)
    assert all("/my/unscoped/" in fault for fault in found)

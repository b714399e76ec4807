"""A session that ends, or an account that closes, in the middle of the way: the next look or submission leads to the
sign-in page, tells nothing and changes nothing (e13)."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client, RequestFactory

from baokao.core.http.audience import Audience
from baokao.passport import middleware, session
from baokao.passport import services as passports
from baokao.passport.models import Passport, StaffSession
from tests.attacks.filling import NEW_ACCOUNT, NEW_PASSWORD, fill
from tests.attacks.forms import Form
from tests.attacks.people import House, copy_of
from tests.attacks.samples import addresses
from tests.attacks.tables import Writes, tables, undone
from tests.cast import NOW, PASSWORD

pytestmark = pytest.mark.django_db

CLIENT = "192.0.2.8"
Ending = Callable[[Passport], object]
ENDINGS: dict[str, Ending] = {
    "signed out in another window": lambda passport: passports.sign_out(passport, NOW),
    "password changed elsewhere": lambda passport: passports.change_password(
        passport, PASSWORD, NEW_PASSWORD, CLIENT, NOW
    ),
    "address changed elsewhere": lambda passport: passports.change_profile(
        passport, passports.Profile(NEW_ACCOUNT), PASSWORD, CLIENT, NOW
    ),
    "account closed": lambda passport: passports.end(passport, NOW),
    "account gone": lambda passport: Passport.objects.filter(id=passport.id).update(ended_at=NOW, epoch=7),
}


def passport_of(client: Client) -> Passport | None:
    """The passport that this browser is signed in with."""
    request = RequestFactory().get("/")
    request.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
    return session.passport_of(request)


def of_candidates(forms: list[Form]) -> list[Form]:
    """The forms that only a candidate who is signed in can hand in."""
    return [form for form in forms if form.visitor not in ("anonymous", "desk") and form.method == "post"]


def turned_away(answer: HttpResponse) -> bool:
    return (answer.status_code, answer.content) == (302, b"") and answer.headers["Location"].startswith("/login/")


def taken_after(house: House, forms: list[Form], end: Ending) -> list[str]:
    """The forms that are still taken after the session that showed them has ended."""
    names, found = tables(), []
    for visitor in {form.visitor for form in forms}:
        theirs = [form for form in forms if form.visitor == visitor]
        with undone():
            end(passport_of(theirs[0].client))
            for form in theirs:
                writes = Writes(names)
                if not turned_away(form.send(fill(form, house))) or writes.touched():
                    found.append(str(form))
    return found


@pytest.mark.parametrize("way", ENDINGS)
def test_e13_no_form_is_taken_once_its_session_has_ended(house, forms, way):
    assert taken_after(house, of_candidates(forms), ENDINGS[way]) == []


def test_e13_no_form_of_a_desk_is_taken_once_its_session_has_ended(house, forms):
    names, taken = tables(), []
    with undone():
        StaffSession.objects.all().delete()
        for form in [form for form in forms if form.visitor == "desk"]:
            writes = Writes(names)
            answer = form.send(fill(form, house))
            away = (answer.status_code, answer.content) == (302, b"")
            if not (away and answer.headers["Location"].startswith("/office/login/")) or writes.touched():
                taken.append(str(form))
    assert taken == []


def test_e13_nor_twelve_hours_later(house, forms, monkeypatch):
    for form in of_candidates(forms):
        for age, over in (
            (session.LIFETIME + timedelta(minutes=1), True),
            (session.LIFETIME - timedelta(hours=1), False),
        ):
            aged = copy_of(form.client)
            aged.cookies["baokao"] = _cookie(passport_of(form.client), age, monkeypatch)
            with undone():
                assert turned_away(aged.post(form.path, fill(form, house))) == over, form


def _cookie(passport: Passport, age: timedelta, monkeypatch: pytest.MonkeyPatch) -> str:
    """The cookie of who signed in so long ago."""
    then = signing.b62_encode(int(time.time() - age.total_seconds()))
    response = HttpResponse()
    with monkeypatch.context() as patch:
        patch.setattr(signing.TimestampSigner, "timestamp", lambda signer: then)
        session.open_for(response, passport)
    return response.cookies["baokao"].value


@pytest.mark.parametrize("way", ENDINGS)
def test_e13_no_page_is_shown_once_the_session_has_ended(house, forms, way):
    client = next(form.client for form in forms if form.visitor == "owner")
    with undone():
        ENDINGS[way](passport_of(client))
        for address in addresses(house, house.owner):
            if address.route.audience == Audience.CANDIDATE:
                assert turned_away(client.get(address.path)), address.path


def test_e13_control_a_door_that_remembers_who_came_in(house, forms, monkeypatch):
    """Were the account not read anew at each request, the forms would be taken."""
    known = {form.client.cookies["baokao"].value: passport_of(form.client) for form in of_candidates(forms)}
    monkeypatch.setattr(middleware.session, "passport_of", lambda request: known.get(request.COOKIES.get("baokao")))
    assert taken_after(house, of_candidates(forms), ENDINGS["signed out in another window"]) != []

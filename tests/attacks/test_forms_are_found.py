"""The attacks on forms prove something only if every form is found, and is accepted when nothing is wrong with it."""

import pytest

from tests.attacks.answers import text
from tests.attacks.filling import VALUES, fill
from tests.attacks.people import client_of, copy_of
from tests.attacks.samples import addresses
from tests.attacks.tables import undone

pytestmark = pytest.mark.django_db

# Takes a POST and is no form of ours: where the providers tell us of money.
NO_FORM = {"/pay/notify/<str:provider>/"}
REFUSED = "<title>错误："


def test_every_address_that_takes_a_post_is_found_by_its_form(house, forms):
    taking = set()
    for client in (client_of(house.owner), copy_of(house.visitors["desk"])):
        for address in addresses(house, house.owner):
            # A method that there is not: the answer says which there are.
            allowed = client.generic("BREW", address.path).headers.get("Allow", "")
            if "POST" in allowed:
                taking.add(address.route.pattern)
    assert {form.pattern for form in forms if form.method == "post"} == taking - NO_FORM


def test_every_line_about_filling_in_is_about_a_field_that_there_is(forms):
    fields = {name for form in forms for name in form.fields}
    fields |= {(form.pattern, name) for form in forms for name in form.fields}
    assert set(VALUES) - fields == set()


def test_every_form_that_is_filled_in_rightly_is_accepted(house, forms):
    for form in forms:
        with undone():
            answer = form.send(fill(form, house))
        assert answer.status_code in (200, 302), form
        assert REFUSED not in text(answer), form


def test_a_refused_form_is_seen_to_be_refused(house, forms):
    """The control: a wrong captcha shows in what the tests above look at."""
    login = next(form for form in forms if form.pattern == "/login/" and not form.button[0])
    assert REFUSED in text(login.send(fill(login, house) | {"captcha": ["0000"]}))

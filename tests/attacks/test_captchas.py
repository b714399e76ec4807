"""Every form with a captcha, found from the forms: an answer is good once, for this form, for ten minutes (e5)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from baokao.core import clock
from baokao.core.captcha import tokens
from baokao.core.captcha.forms import CaptchaForm
from baokao.core.verdict import ACCEPTED
from tests.attacks.answers import text
from tests.attacks.filling import fill
from tests.attacks.forms import Form
from tests.attacks.people import House
from tests.attacks.tables import Writes, tables, undone
from tests.cast import NOW

pytestmark = pytest.mark.django_db

Values = dict[str, list[str]]


def guarded(forms: list[Form]) -> list[Form]:
    """The forms that ask for a captcha; the button for another picture hands nothing in."""
    return [form for form in forms if "captcha" in form.fields and not form.button[0]]


def purpose_of(form: Form) -> str:
    """What the form's own token is for."""
    return form.fields["captcha_token"].values[0].partition(".")[0]


def shown_elsewhere(form: Form) -> str:
    """The token of the same form in another browser."""
    page = text(Client().get(form.page))
    found = re.search(r'name="captcha_token" value="([^"]+)"', page)
    return found[1] if found else tokens.issue(purpose_of(form))


def used(form: Form) -> str:
    token = shown_elsewhere(form)
    assert tokens.check(token, "8888", purpose_of(form), NOW) == ACCEPTED
    return token


def used_wrongly(form: Form) -> str:
    token = shown_elsewhere(form)
    assert tokens.check(token, "0000", purpose_of(form), NOW) == tokens.WRONG
    return token


def expired(form: Form) -> str:
    with clock.travel(NOW - tokens.LIFE):
        return tokens.issue(purpose_of(form))


def altered(form: Form) -> str:
    token = tokens.issue("register" if purpose_of(form) != "register" else "login")
    return f"{purpose_of(form)}.{token.partition('.')[2]}"


# What is sent in place of the form's own token and answer, and must not be taken.
WRONG: dict[str, Callable[[Form], tuple[str, str]]] = {
    "replayed": lambda form: (used(form), "8888"),
    "answered wrongly before": lambda form: (used_wrongly(form), "8888"),
    "shown for another form": lambda form: (
        tokens.issue("register" if purpose_of(form) != "register" else "login"), "8888"
    ),
    "shown for no form": lambda form: (tokens.issue("x"), "8888"),
    "shown for another form and renamed": lambda form: (altered(form), "8888"),
    "expired": lambda form: (expired(form), "8888"),
    "missing token": lambda form: ("", "8888"),
    "missing answer": lambda form: (shown_elsewhere(form), ""),
    "blank answer": lambda form: (shown_elsewhere(form), " \u3000"),
    "wrong answer": lambda form: (shown_elsewhere(form), "8889"),
    "answer with a sign": lambda form: (shown_elsewhere(form), "+8888"),
    "answer of another script": lambda form: (shown_elsewhere(form), "८८८८"),
    "made up": lambda form: ("login.AAAA:BBBB", "8888"),
    "a picture's id as token": lambda form: (form.fields["captcha_token"].values[0].split(":")[0], "8888"),
}  # fmt: skip


def taken(house: House, forms: list[Form], way: str) -> list[str]:
    """The forms that do what they are for with such a captcha: that write, or don't say that it is wrong."""
    names, found = tables(), []
    for form in forms:
        with undone():
            token, answer = WRONG[way](form)
            writes = Writes(names)
            response = form.send(fill(form, house) | {"captcha_token": [token], "captcha": [answer]})
            said = text(response)
            refused = tokens.WRONG.message in said or tokens.MISSING.message in said
            if not refused or writes.touched() or "baokao" in response.cookies:
                found.append(str(form))
    return found


@pytest.mark.parametrize("way", WRONG)
def test_e5_no_form_takes_a_captcha_that_is(house, forms, way):
    assert taken(house, guarded(forms), way) == []


def test_e5_fields_left_out_altogether_are_missing(house, forms):
    names = tables()
    for form in guarded(forms):
        values = {name: value for name, value in fill(form, house).items() if not name.startswith("captcha")}
        with undone():
            writes = Writes(names)
            assert tokens.MISSING.message in text(form.send(values)), form
            assert writes.touched() == [], form


def test_e5_an_answer_given_in_one_session_is_spent_in_every_other(house, forms):
    """A token isn't tied to a browser (decision 18): it is good for one answer, whoever gives it."""
    for form in guarded(forms):
        with undone():
            values = fill(form, house) | {"captcha_token": [shown_elsewhere(form)]}
            assert tokens.WRONG.message not in text(form.send(values)), form
        with undone():
            Client().post(form.page, values)
            if purpose_of(form) in ("login", "register", "recover", "retrieve"):
                assert tokens.WRONG.message in text(form.send(values)), form


def test_e5_every_answer_brings_a_new_picture(house, forms):
    """What was wrong once can't be tried again: the page that says so shows another token."""
    for form in guarded(forms):
        with undone():
            first = shown_elsewhere(form)
            answer = text(form.send(fill(form, house) | {"captcha_token": [first], "captcha": ["0000"]}))
            shown = re.findall(r'name="captcha_token" value="([^"]+)"', answer)
            assert len(shown) == 1, form
            assert shown[0] != first, form


def test_e5_each_form_has_a_purpose_of_its_own(forms):
    purposes = [purpose_of(form) for form in guarded(forms)]
    assert len(purposes) == len(set(purposes))
    assert set(purposes) == {kind.captcha_purpose for kind in every(CaptchaForm) if kind.captcha_purpose} - {"x"}


def every(kind: type) -> set[type]:
    return {
        kind,
        *(found for sub in kind.__subclasses__() if sub.__module__.startswith("baokao.") for found in every(sub)),
    }


def test_e5_control_a_form_that_forgets_to_ask(house, forms, monkeypatch):
    monkeypatch.setattr(CaptchaForm, "check_captcha", lambda form, now: ACCEPTED)
    assert taken(house, guarded(forms), "replayed") == [str(form) for form in guarded(forms)]


def test_e5_control_a_token_that_is_never_spent(house, forms, monkeypatch):
    monkeypatch.setattr(tokens, "use_up", lambda token, now: True)
    assert taken(house, guarded(forms), "replayed") == [str(form) for form in guarded(forms)]
    assert taken(house, guarded(forms), "expired") == []


def test_e5_a_token_dies_with_its_ten_minutes_on_every_form(house, forms):
    for form in guarded(forms):
        with undone(), clock.travel(NOW + tokens.LIFE - timedelta(seconds=1)):
            assert tokens.WRONG.message not in text(form.send(fill(form, house))), form
        with undone(), clock.travel(NOW + tokens.LIFE):
            assert tokens.WRONG.message in text(form.send(fill(form, house))), form

"""Fields that a form does not have, named like columns, change nothing but what the form may (e13)."""

import re

import pytest
from django.apps import apps

from baokao.passport.models import Passport
from baokao.passport.services import change
from baokao.passport.views import account
from tests.attacks.filling import fill
from tests.attacks.forms import Form
from tests.attacks.people import House
from tests.attacks.tables import Writes, rows, tables, undone

pytestmark = pytest.mark.django_db

MANY = 180
# What frameworks before us have been caught by, besides our own columns.
USUAL = {
    "is_active": "0", "is_staff": "1", "is_superuser": "1", "role": "admin", "paid": "1", "price": "0.01", "total": "0",
    "approved": "1", "verified": "1", "permissions": "all", "_method": "DELETE", "__class__": "x", "user": "1",
}  # fmt: skip
VALUES = {"state": "paid", "amount": "0.00", "fee": "0.00", "capacity": "9999", "taken": "0", "epoch": "99"}
# Every page of the journey reads which sitting it is about, whether its form says so or not (rule B4), and who applies
# an import may have to type how many it removes (rule G3).
READ_ANYHOW = {"sitting", "removed"}
# Made anew each time: ids, moments, hashes and what is encrypted.
_ANEW = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\\+x[0-9a-f]*|argon2\S+|20\d{6}[0-9a-f]{12,}|\b\d{5,}\b|^\(\d+(?=,)"
)


def columns() -> dict[str, str]:
    """Every column of every table of ours, with a value that would do harm."""
    found = {
        name: VALUES.get(name, "1")
        for model in apps.get_models()
        if model.__module__.startswith("baokao.")
        for field in model._meta.get_fields()
        for name in {field.name, getattr(field, "attname", field.name)}
    }
    return found | USUAL


def written(form: Form, values: dict[str, list[str]]) -> tuple[int, list[tuple[str, str]]]:
    """Status and the rows that the form makes or changes, without what is made anew each time."""
    with undone():
        writes = Writes(tables())
        status = form.send(values).status_code
        touched = writes.touched()
        after = rows(touched)
    return status, sorted((name, _ANEW.sub("…", text)) for name, text in after - rows(touched))


def extra_of(form: Form) -> list[dict[str, list[str]]]:
    """The columns that are no field of this form, in as many submissions as the bound on fields makes of them."""
    found = [(name, [value]) for name, value in sorted(columns().items()) if name not in form.fields]
    found = [pair for pair in found if pair[0] not in READ_ANYHOW]
    room = MANY - len(form.fields)
    return [dict(found[start : start + room]) for start in range(0, len(found), room)]


def taken(house: House, forms: list[Form]) -> list[str]:
    """The forms that take more than their own fields."""
    found = []
    for form in forms:
        if form.method != "post" or form.button[0] == "fresh":
            continue
        right = fill(form, house)
        alone = written(form, right)
        for extra in extra_of(form):
            if (other := written(form, extra | right)) != alone:
                found.append(f"{form}: {other} instead of {alone}")
    return found


def test_e13_columns_that_are_no_fields_of_a_form_change_nothing(house, forms):
    assert taken(house, forms) == []


def test_e13_control_a_service_that_takes_what_comes_is_found(house, forms, monkeypatch):
    """The same comparison finds a form that hands on one field too many."""

    def generous(passport, profile, current, client, now):
        changed = change.change_profile(passport, profile, current, client, now)
        Passport.objects.filter(id=passport.id).update(verified_at=now)
        return changed

    editing = [form for form in forms if form.pattern == "/passport/edit/" and not form.button[0]]
    calm = written(editing[0], fill(editing[0], house))
    monkeypatch.setattr(account.services, "change_profile", generous)
    assert written(editing[0], fill(editing[0], house)) != calm

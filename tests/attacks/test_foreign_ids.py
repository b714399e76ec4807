"""Names of other people's things in every field of every form, and in fields that no form has: nothing of theirs is
touched, nothing of theirs is told (e11)."""

import uuid
from collections.abc import Iterator

import pytest
from django.core import signing

from baokao.exams.models import Offering
from baokao.registration import access
from tests.attacks.answers import tells
from tests.attacks.filling import fill
from tests.attacks.forms import Form
from tests.attacks.people import House, Person
from tests.attacks.tables import Writes, about, tables, undone

pytestmark = pytest.mark.django_db

# Fields that no form has, under which a careless view would look something up.
GUESSED = (
    "id", "pk", "passport", "passport_id", "record_id", "registration", "registration_id", "entry", "entry_id",
    "offering", "offering_id", "order", "order_id", "attempt", "number", "user", "token", "for", "on_behalf_of",
)  # fmt: skip

# Whose rows hold a name that is typed.
NAMES = {"passport_passport", "payments_grouppayment"}


def names_of(other: Person, whole: bool) -> list[str]:
    """By what somebody could name this person's things: one of each kind, or all."""
    offering = Offering.objects.filter(campus_id=other.record.campus_id).first()
    token = access.record_token(other.passport.id, other.record.id)
    if whole:
        return [*other.ids, str(offering.id), token]
    return [str(other.registration.id), str(other.entries[0]), other.attempt.number, str(offering.id), token]


def attacks_on(
    form: Form, right: dict[str, list[str]], names: list[str], whole: bool
) -> Iterator[dict[str, list[str]]]:
    """The form with each name in the fields that it hasn't, and beside what each field should hold that nobody types;
    as a whole also in its place, and in all fields."""
    for name in names:
        yield {guessed: [name] for guessed in GUESSED} | right
    for field in (one for one in right if whole or not form.fields[one].typed):
        yield from (right | {field: [*right[field], name]} for name in names)
        yield from (right | {field: [name]} for name in (names if whole else []))


def faults(house: House, forms: list[Form], other: Person, whole: bool = False) -> list[str]:
    """What goes wrong when the other's names are sent in each field of each form that is theirs to hand in."""
    everything = tables()
    theirs, found = about(other.ids, everything), []
    names = names_of(other, whole)
    for form in forms:
        # A captcha shown anew hands nothing in; who isn't signed in has no form that knows of ids.
        if form.visitor == "anonymous" or form.button[0] == "fresh":
            continue
        # The others of the school are a coordinator's own.
        if form.visitor == "desk" and other is not house.stranger:
            continue
        for attack in attacks_on(form, fill(form, house), names, whole):
            with undone():
                writes = Writes(everything)
                answer = form.send(attack)
                touched = writes.touched()
                if answer.status_code >= 500:
                    found.append(f"{form}: {answer.status_code} {attack}")
                found += [f"{form} tells {secret}" for secret in tells(answer, other.secrets, names)]
                # Anybody may type anything as a name, of oneself or of a list; that names nobody.
                changed = about(other.ids, touched) ^ {row for row in theirs if row[0] in touched}
                if changed & theirs or any(table not in NAMES for table, _ in changed):
                    found.append(f"{form} changes what is {other.who}'s: {attack}")
    return found


def test_e11_nobody_names_anothers_things_in_any_form(house, forms):
    assert faults(house, forms, house.classmate) == []


def test_e11_no_desk_names_a_foreign_schools_things_in_any_form(house, forms):
    assert faults(house, [form for form in forms if form.visitor == "desk"], house.stranger) == []


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("who", ["classmate", "stranger"])
def test_e11_nobody_names_anothers_things_in_any_form_in_full(house, forms, who):
    assert faults(house, forms, getattr(house, who), whole=True) == []


def test_e11_control_a_form_that_takes_anothers_record(house, forms, monkeypatch):
    """A token of a looked-up record that is good in everybody's hands would be found."""

    def anybodys(passport, token):
        try:
            return uuid.UUID(signing.loads(token, salt=access._RECORD_SALT)[1])
        except (signing.BadSignature, ValueError):
            return None

    monkeypatch.setattr(access, "looked_up", anybodys)
    confirming = [form for form in forms if form.pattern == "/my/confirm/"]
    assert any("tells 司徒乙酉" in fault for fault in faults(house, confirming, house.classmate))

"""Whatever stands in the database comes out as words (d6): every column that holds free text holds an attack, and every
page, fragment and mail is looked at."""

import uuid

import pytest
from django.apps import apps
from django.db import connection, models

from baokao.core.crypto.sealed import unseal
from baokao.core.models import OutboxRow
from baokao.core.outbox import mail, packing
from baokao.core.outbox.write import CONTEXT
from baokao.home import markup
from tests.attacks.filling import fill
from tests.attacks.payloads import PAYLOADS, effects, effects_on
from tests.attacks.people import House
from tests.attacks.samples import addresses
from tests.attacks.tables import undone

pytestmark = pytest.mark.django_db

# Codes, keys, digests and what a rule compares: never free words, and the program would not run with others.
NO_WORDS = {
    "account_folded", "password", "privacy_version", "name_key", "language", "group_value", "subjects_given",
    "subjects_by_score", "subjects_by_review", "subjects_restricted", "provider", "number", "bank", "trade", "currency",
    "way", "lock", "state", "slug", "id_type", "gender", "kind", "debit", "credit", "why", "eligible", "account",
}  # fmt: skip
# One holds all in one; `make prove` tries each by itself.
ATTACKS = [
    "polyglot",
    *(pytest.param(one, marks=pytest.mark.prove) for one in ("tag", "quotes", "apostrophes", "template", "address")),
]
MARKDOWN = (
    "<xss-probe>", "[x](javascript:xss_probe())", "[x](data:text/html,<xss-probe>)", '[x](/ "\\" onxss=\\"1")',
    "![x](https://evil.example/x.png)", "<javascript:xss_probe()>", "[x]: javascript:xss_probe()\n\n[x]",
    "`<xss-probe>`", "```<xss-probe>\n```", "&lt;xss-probe&gt;", "[x](JaVaScRiPt&colon;xss_probe())",
    "[x](java\nscript:xss_probe())",
)  # fmt: skip


def free_columns() -> list[tuple[str, str, int]]:
    """Table, column and length of every column that holds words of people."""
    return [
        (model._meta.db_table, field.column, field.max_length or 4000)
        for model in apps.get_models()
        if model.__module__.startswith("baokao.") and not model.__module__.startswith("baokao.core.")
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (field.primary_key or field.unique or field.choices or field.name in NO_WORDS)
        and not field.is_relation
    ]


def poison(payload: str) -> None:
    """Put it into each of them, as far as it fits."""
    with connection.cursor() as cursor:
        for table, column, length in free_columns():
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE "{column}" <> \'\'', [payload[:length]])


def mailed(before: set[uuid.UUID]) -> list[tuple[str, str, str]]:
    """Subject, text and HTML of every mail that was asked for since."""
    found = []
    for row in OutboxRow.objects.filter(kind="mail").exclude(id__in=before):
        payload = packing.unpack(unseal(bytes(row.payload), CONTEXT, row.id.bytes))
        subject, text = mail.render(payload["template"], payload["context"])
        found.append((subject, text, mail.dressed(subject, text)))
    return found


def faults_of(house: House) -> list[str]:
    """Every page on which what stands in the database is more than words."""
    found = []
    for who, client in house.visitors.items():
        for address in addresses(house, house.owner if who == "owner" else None):
            if address.kind == "own":
                found += [f"{address.path} as {who}: {effect}" for effect in effects(client.get(address.path))]
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_d6_whatever_stands_in_the_database_comes_out_as_words(house, attack):
    poison(PAYLOADS[attack])
    assert faults_of(house) == []


def test_d6_the_words_are_shown(house):
    """Else nothing would be proved: an attack that was put there is read there, as it was written."""
    poison("<b>&")
    shown = [
        path for path in ("/", "/my/registration/", "/my/written/", "/my/pay/") if _has(house, path, "&lt;b&gt;&amp;")
    ]
    assert shown == ["/", "/my/registration/", "/my/written/", "/my/pay/"]


def _has(house: House, path: str, words: str) -> bool:
    return words in house.visitors["owner"].get(path).content.decode()


def test_d6_there_are_columns_of_every_app(house):
    apps_seen = {table.partition("_")[0] for table, _, _ in free_columns()}
    assert apps_seen >= {"exams", "roster", "passport", "registration"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_d6_mails_about_it_are_words_too(house, forms, attack):
    poison(PAYLOADS[attack])
    before, seen = set(OutboxRow.objects.values_list("id", flat=True)), 0
    for form in forms:
        if form.button[0] == "fresh":
            continue
        with undone():
            form.send(fill(form, house))
            for subject, _, html in mailed(before):
                seen += 1
                assert effects_on(html) == [], form
                assert "\n" not in subject
                assert "\r" not in subject
    assert seen > 5


@pytest.mark.parametrize("written", MARKDOWN)
def test_d6_what_an_editor_writes_runs_nothing(written):
    """Pages and news are Markdown of the national office, and still no way in."""
    html = str(markup.to_html(written))
    assert effects_on(html) == []
    assert "<img" not in html

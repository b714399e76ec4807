"""Who sees how much of an ID number, a mobile and an address: field by field, page by page (rule H2; proof f2).

Here the visitor and the candidate; the desks are in `tests/office/test_masking.py`.
"""

import re
from html import unescape

import pytest
from django.test import Client

from baokao.core.outbox import mail
from baokao.core.words import masked_mobile, masked_number
from tests.guards.test_caches import PATTERNS, PERSON, candidate, opened  # noqa: F401 (a fixture)
from tests.privacy.searching import Searcher
from tests.registration.doing import mails

pytestmark = pytest.mark.django_db

# Where the whole of it has to be seen: the number where a person checks the record that was looked up, the address on
# the pages of the own account and where it was just asked for with number and name (rules A2, A8, B5).
WHOLE = {
    "ID number": {"/my/confirm/"},
    "mobile": set(),
    "address": {"/passport/", "/passport/close/", "/passport/edit/", "/passport/password/"},
}


def look_up(client):
    """The record is looked up once more, as by who comes back to the confirmation."""
    client.post("/my/eligibility/", {"id_type": "1", "id_number": PERSON.number, "name": PERSON.name})


def whole(client, pattern):
    """What a page shows in full."""
    body = unescape(client.get(opened(pattern)).content.decode("utf-8", "replace"))
    return {one.what for one in Searcher(PERSON.secrets().items()).search(pattern, body)}


def test_f2_a_page_shows_the_whole_number_where_it_is_checked_and_nowhere_else(candidate):  # noqa: F811
    look_up(candidate)
    shown = {pattern: whole(candidate, pattern) for pattern in PATTERNS if pattern != "/logout/"}
    for what, where in WHOLE.items():
        assert {pattern for pattern, found in shown.items() if what in found} == where, what


def test_f2_the_account_page_and_its_form_show_the_ends(candidate):  # noqa: F811
    for path in ("/passport/", "/passport/edit/"):
        page = candidate.get(path).content.decode()
        assert masked_number(PERSON.number) in page, path
        assert masked_mobile(PERSON.mobile) in page, path
    assert masked_number(PERSON.number) in candidate.get("/my/registration/").content.decode()


def test_f2_a_visitor_sees_nothing_of_anybody(candidate):  # noqa: F811
    stranger = Client()
    assert {pattern for pattern in PATTERNS if whole(stranger, pattern)} == set()


def test_f2_no_mail_says_number_or_mobile_and_none_names_the_person(candidate):  # noqa: F811
    candidate.post("/my/written/", {"subject": ["1"]})
    candidate.post("/passport/")
    candidate.get("/my/cancel/")
    secrets = [("ID number", PERSON.number), ("mobile", PERSON.mobile), ("name", PERSON.name)]
    searcher = Searcher(secrets)
    sent = mails()
    assert {template for template, _ in sent} >= {"passport/verify", "registration/entered"}
    for template, context in sent:
        text = "\n".join(mail.render(template, context))
        assert [str(one) for one in searcher.search(template, text)] == []


def test_f2_a_mask_never_shows_more_than_half():
    for number in (PERSON.number, "993010WW1", "E1234567", "12", ""):
        assert len(re.sub(r"\*", "", masked_number(number))) <= len(number) / 2

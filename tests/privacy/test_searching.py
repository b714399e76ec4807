"""The search itself: it finds what was planted in every form (the control of proof f1)."""

import base64
import hashlib

import pytest

from tests.privacy.people import invent, with_check_digit
from tests.privacy.searching import Searcher, forms

PERSON = invent(3, 1)[2]


def found(text):
    return {str(one.what) for one in Searcher(PERSON.secrets().items()).search("here", text)}


PLANTED = {
    "plain": lambda text: text.encode(),
    "small": lambda text: text.lower().encode(),
    "large": lambda text: text.upper().encode(),
    "reversed": lambda text: text[::-1].encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "quoted": lambda text: text.replace("@", "%40").encode(),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "SHA-256": lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
    "SHA-256 in base64": lambda text: base64.b64encode(hashlib.sha256(text.encode()).digest()),
}


@pytest.mark.parametrize("form", PLANTED)
@pytest.mark.parametrize("what", ["ID number", "mobile", "address"])
def test_f1_control_a_secret_is_found_in_each_form(what, form):
    assert found(b"before " + PLANTED[form](PERSON.secrets()[what]) + b" after") == {what}


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_f1_control_a_secret_is_found_in_base64_wherever_it_begins(before, encode):
    for what, text in PERSON.secrets().items():
        assert found(encode(f"{before}{text}|more".encode())) == {what}


def test_f1_another_persons_secret_and_a_part_are_none():
    other = invent(3, 1)[1]
    assert found(" ".join(other.secrets().values())) == set()
    assert found(f"{PERSON.number[:3]}***{PERSON.number[-3:]} {PERSON.mobile[:3]}****{PERSON.mobile[-4:]}") == set()


def test_the_same_seed_invents_the_same_people_and_each_differs():
    assert invent(1200, 7) == invent(1200, 7) != invent(1200, 8)
    people = invent(1200, 7)
    for part in ("number", "mobile", "email", "name"):
        assert len({getattr(person, part) for person in people}) == 1200, part


def test_a_made_up_number_has_the_check_digit_of_the_standard():
    assert with_check_digit("11010519491231002") == "11010519491231002X"
    assert all(len(form) >= 8 for form in forms("13800001234").values())

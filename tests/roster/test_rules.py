"""Rules B3 and B11 as functions, and proof d4: a name is found in every form in which people write it."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baokao.roster import gb18030
from baokao.roster.rules import (
    eligible_subjects,
    id_type_of,
    name_key,
    number_key,
    number_warning,
    order_subjects,
)

HAN = st.sampled_from("张李欧阳买提江𠮷㛃龴喆䶮𬭎𫖯𰻝")
NAMES = st.text(HAN, min_size=2, max_size=15)
LATIN = st.lists(st.text("abcdefgXYZ", min_size=1, max_size=8), min_size=1, max_size=4).map(" ".join)
INVISIBLE = st.sampled_from(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\ufe00\ufe0f\U000e0100"
)


@given(st.text(max_size=40))
@example("ΐ")
@example("か ゙")
@example("A \u200b 中")
@example("ŉ　ß")
def test_b3_the_key_of_a_key_is_itself(text):
    assert name_key(name_key(text)) == name_key(text)
    assert number_key(number_key(text)) == number_key(text)


@given(NAMES, INVISIBLE, st.integers(0, 14))
def test_d4_characters_without_width_do_not_count(name, mark, place):
    assert name_key(name[:place] + mark + name[place:]) == name_key(name)


@given(NAMES, st.integers(1, 14), st.sampled_from([" ", "  ", "\u3000", "\u00a0", "\t", " \u2003 "]))
def test_b3_spaces_beside_chinese_characters_do_not_count(name, place, space):
    assert name_key(space + name[:place] + space + name[place:] + space) == name_key(name)


@given(LATIN)
def test_b3_latin_words_keep_one_space_and_neither_width_nor_case_counts(name):
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "\u3000\u3000" for letter in name)
    assert name_key(wide) == name_key(name.swapcase()) == name_key(name) == name.upper()


@given(NAMES, NAMES, st.sampled_from("·•‧∙⋅・･᛫．.﹒\u0387"), st.sampled_from(["", " ", "\u3000"]))
def test_d4_every_middle_dot_is_one(first, last, dot, space):
    assert name_key(first + space + dot + space + last) == f"{name_key(first)}·{name_key(last)}"


@given(st.text(max_size=20))
def test_b3_composition_does_not_count(text):
    assert name_key(unicodedata.normalize("NFD", text)) == name_key(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("private", sorted(gb18030.TO_STANDARD))
def test_d4_private_use_code_points_are_their_standard_characters(private):
    standard = chr(gb18030.TO_STANDARD[private])
    assert name_key("王" + chr(private)) == name_key("王" + standard)
    assert not gb18030.private(ord(standard))


def test_d4_the_eighty_of_fe50_are_complete():
    assert all(code in gb18030.TO_STANDARD for code in range(0xE815, 0xE865))
    assert gb18030.TO_STANDARD[0xE81A] == 0x3473
    assert gb18030.TO_STANDARD[0xE863] == 0x4DAE


def test_b3_a_compatibility_ideograph_is_its_unified_one():
    assert name_key("\uf9e1明") == name_key("李明")
    assert name_key("\u2f8f\u2f26") == name_key("行子")


def test_b3_different_names_stay_different():
    assert len({name_key(name) for name in ["颜明", "顔明", "𠮷野", "吉野", "李 Li", "J.R. Li", "J R Li"]}) == 7


@pytest.mark.parametrize("written", ["1234567(8)", "1234567（8）", " １２３４５６７ (8) ", "1234567﹙8﹚", "12345678"])
def test_b3_a_macao_number_is_the_same_with_and_without_brackets(written):
    assert number_key(written) == "12345678"


def test_b3_names_keep_their_brackets_in_one_width():
    assert name_key("李娜（大）") == name_key("李娜 (大)") == "李娜(大)"


def test_b3_an_id_number_has_neither_spaces_nor_small_letters():
    assert number_key("3301 0119 9001 0100 0x") == "33010119900101000X"
    assert number_key("９９３０１０ｗｗ１") == "993010WW1"


@pytest.mark.parametrize(
    ("text", "code"),
    [("1", "1"), ("居民身份证", "1"), ("台湾居民往来大陆通行证", "2"), ("港澳居民往来内地通行证", "3"), ("护照", "4"),
     ("香港身份证", "5"), ("澳门居民身份证", "6"), ("（6）澳门身份证", "6"), ("军官证", None), ("7", None), ("", None)],
)  # fmt: skip
def test_b3_id_types_are_known_by_code_name_and_older_name(text, code):
    assert id_type_of(text) == code


def test_b11_eligible_subjects_are_given_scored_reviewed_minus_restricted():
    assert eligible_subjects("1F", "2S", "", "", None) == "12FS"
    assert eligible_subjects("1F", "2S", "", "", "12F") == "12F"
    assert eligible_subjects("1F", "2S", "2", "", "1F") == "12F"
    assert eligible_subjects("12F", "2S", "2", "2F", "12F") == "1"
    assert eligible_subjects("", "", "", "", None) == ""


def test_order_subjects_is_the_subjects_own_order():
    assert order_subjects("J1F21S9") == "129FSJ"


@pytest.mark.parametrize(
    ("id_type", "number", "odd"),
    [("1", "11010519491231002X", False), ("1", "330101199001010000", True), ("1", "993010WW1", True),
     ("1", "110105491231002", False), ("5", "A1234563", False), ("5", "A1234560", True), ("5", "AB9876543", False),
     ("6", "12345678", False), ("6", "993010WW1", True), ("3", "H12345678", False), ("4", "E12345678", False)],
)  # fmt: skip
def test_b3_an_odd_number_is_only_a_warning(id_type, number, odd):
    assert bool(number_warning(id_type, number)) is odd

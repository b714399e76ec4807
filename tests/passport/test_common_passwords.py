"""A password isn't on the list of common ones (rule A1, decision 7)."""

import time

import pytest

from baokao.passport import common
from baokao.passport.common import is_common

COMMON = [
    "password1",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "woaini1314",
    "WoAiNi1314",
    "a123456789",
    "qq123456",
    "5201314a",
    "woaini520",
    "1314520woaini",
    "wang123456",
    "zhangwei520",
    "123456abc",
    "abc123456",
    "1qaz2wsx",
    "qwertyuiop",
    "qazwsxedc",
    "asdfghjkl",
    "zxcvbnm123",
    "88888888",
    "123123123",
    "12341234",
    "abcabcabc",
    "12345678",
    "87654321",
    "0987654321",
    "abcdefgh",
    "19980608",
    "wangwei19980608",
    "7758521a",
    "woaiwojia520",
    "11223344a",
    "iloveyou520",
    "aaaaaaa1",
    "147258369",
    "cet123456",
    "ｑｑ１２３４５６",
    "caonima123",
    "baobei1314",
]
NOT_COMMON = [
    "a long enough one", "yanming zai xuexi", "全国大学英语四级", "aaaa bbbb", "ab" * 64, "a b c d e f g",
    "kao-sheng-2026",
    "19981399", "18981231", "20991231", "woainixiaoyu97", "zhang8264917", "xq7h29dk", "correct horse battery",
    "颜明颜明颜明学习", "123456颜明颜明",
]  # fmt: skip


@pytest.mark.parametrize("password", COMMON)
def test_a1_what_is_tried_first_is_refused(password):
    assert is_common(password)


@pytest.mark.parametrize("password", NOT_COMMON)
def test_a1_what_nobody_tries_first_is_taken(password):
    assert not is_common(password)


def test_a1_the_list_holds_only_what_could_be_typed_and_no_pattern_finds():
    listed = common._listed()
    assert 5_000 < len(listed) < 50_000
    assert not [word for word in listed if len(word) < 8 or word != word.casefold() or common.is_pattern(word)]


def test_a1_asking_costs_next_to_nothing():
    is_common("the first one reads the list")
    began = time.perf_counter()
    for number in range(2_000):
        is_common(f"some password {number}")
    assert time.perf_counter() - began < 2

"""Proof d1 for YAML: whatever is sent is answered with its values as typed, or with a sentence that names the line."""

import contextlib
import random
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from baokao.core.sheets import Findings, UnreadableFile
from baokao.core.yamlfile import Fields, Items, Pairs, Scalar, read, reading
from baokao.core.yamlfile.values import day, flag, line, moment, time_of_day

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "sitting.yaml"


@pytest.fixture(params=[yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)], ids=["python", "libyaml"])
def loader(request, monkeypatch):
    """The package's own parser, and libyaml's where it is there: both have to say the same."""
    monkeypatch.setattr(reading, "_LOADER", request.param)


@pytest.fixture
def tree(tmp_path, loader):
    def go(content):
        path = tmp_path / "t.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path)

    return go


def test_every_value_is_its_text_with_its_line(tree):
    found = tree('﻿a: 01\nb: no\nc:\n  - 9:00\n  - "null"\n  - 2026-09-20 14:00:00\nd: |\n  甲\n  乙\n')
    assert found == Pairs(1, [
        (Scalar(1, "a"), Scalar(1, "01")),
        (Scalar(2, "b"), Scalar(2, "no")),
        (Scalar(3, "c"), Items(4, [
            Scalar(4, "9:00"), Scalar(5, "null", plain=False), Scalar(6, "2026-09-20 14:00:00"),
        ])),
        (Scalar(7, "d"), Scalar(7, "甲\n乙\n", plain=False)),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "文件是空的。"),
        ("\n# 只有注释\n", "文件是空的。"),
        ("a: 甲".encode("gb18030"), "第 1 行：文件的文字编码不是 UTF-8，请另存为 UTF-8。"),
        ("a: 1\nb: 2".encode("utf-16"), "第 1 行：文件的文字编码不是 UTF-8，请另存为 UTF-8。"),
        (b"a: 1\nb: \0", "第 2 行：含有控制字符，文件不是文本或已损坏。"),
        ('a: 1\nb: "\\0"', "第 2 行：含有控制字符或无效的转义。"),
        ("a:\n\tb: 1\n", "第 2 行：YAML 写法有误，缩进里有制表符（Tab），请改用空格。"),
        ("a: 1\nb: @x\n", "第 2 行：YAML 写法有误，以 '@' 开头的文字请加引号。"),
        ("a: 1\n备注：x\nb: 2\n", "第 3 行：YAML 写法有误，键后面的冒号应为半角（:），后面加一个空格。"),
        ("a: 'x\nb: 2\n", "第 1 行：YAML 写法有误，引号不成对，或转义无效。"),
        ("a: 1\nb: c: d\n", "第 2 行：YAML 写法有误，一行里有两个冒号；值里有冒号的请加引号。"),
        ("a:\n  b: 1\n c: 2\n", "第 3 行：YAML 写法有误，请检查缩进是否对齐、冒号后是否有空格、括号是否成对。"),
        ("a: [1, 2\nb: 3\n", "第 2 行：YAML 写法有误，请检查缩进是否对齐、冒号后是否有空格、括号是否成对。"),
        ("a: &x 1\n", "第 1 行：不支持锚点和引用（& 与 *）；以 & 或 * 开头的文字请加引号。"),
        ("a: 1\nb: *a\n", "第 2 行：不支持锚点和引用（& 与 *）；以 & 或 * 开头的文字请加引号。"),
        ("a: !!python/object/apply:os.system [x]\n", "第 1 行：不支持标签（!）；以 ! 开头的文字请加引号。"),
        ("a: 1\n---\nb: 2\n", "第 3 行：一个文件只能有一份内容，请去掉单独一行的 ---。"),
        ("? [a]\n: b\n", "第 1 行：键应为一行文字，不能是列表或映射。"),
        ("[" * 100, "第 1 行：嵌套过深（多于 8 层）。"),
        ("- " * 100, "第 1 行：嵌套过深（多于 8 层）。"),
        ("{a: " * 100, "第 1 行：嵌套过深（多于 8 层）。"),
        (b"a" * (reading.BYTES_AT_MOST + 1), "文件过大（多于 2 MB），请分成几个文件导入。"),
    ],
)  # fmt: skip
def test_d1_what_can_t_be_taken_is_told_in_a_sentence(tree, content, sentence):
    with pytest.raises(UnreadableFile) as refused:
        tree(content)
    assert str(refused.value) == sentence


def test_d1_a_bomb_of_aliases_is_refused_before_it_unfolds(tree):
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    with pytest.raises(UnreadableFile, match="第 1 行：不支持锚点和引用"):
        tree(f"l0: &l0 [{', '.join(['x'] * 9)}]\n{levels}")


@pytest.mark.parametrize("start", ["[", "- ", "{a: ", "? ", "'", '"', "a: |\n ", "#", "%", "!", "--- "])
def test_d1_a_depth_or_length_without_end_is_refused_at_once(tree, start):
    began = time.monotonic()
    with contextlib.suppress(UnreadableFile):
        tree(start * 100_000)
    assert time.monotonic() - began < 20


def test_d1_too_many_values_are_refused(tree, monkeypatch):
    monkeypatch.setattr(reading, "NODES_AT_MOST", 1000)
    with pytest.raises(UnreadableFile, match="文件内容过多"):
        tree("[" + "1," * 1001 + "]")


def test_d1_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UnreadableFile, match="文件打不开"):
        read(tmp_path / "none.yaml")


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=300))
def test_d1_any_bytes_are_a_tree_or_a_sentence(content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    with contextlib.suppress(UnreadableFile):
        assert isinstance(read(path), Scalar | Items | Pairs)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_d1_a_good_file_with_letters_spoilt_is_a_tree_or_a_sentence(seed, tmp_path_factory):
    chance = random.Random(seed)
    letters = list(EXAMPLE.read_text(encoding="utf-8")[:4000])
    for _ in range(chance.randrange(1, 6)):
        letters[chance.randrange(len(letters))] = chance.choice("\t\n\r &*!|>{}[]:,#'\"%@`?-\\甲：\0")
    path = tmp_path_factory.getbasetemp() / "spoilt.yaml"
    path.write_bytes("".join(letters).encode())
    with contextlib.suppress(UnreadableFile):
        assert isinstance(read(path), Scalar | Items | Pairs)


def faults_of(content, tmp_path, take):
    path = tmp_path / "f.yaml"
    path.write_text(content, encoding="utf-8")
    findings = Findings()
    take(Fields(read(path), "", ("name", "day", "open"), findings))
    return [str(fault) for fault in findings.sorted_faults()]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("naem: x", "第 1 行，naem：未知的键“naem”，是否想写 name？"),
        ("zzz: x", "第 1 行，zzz：未知的键“zzz”，这里可以写：name、day、open"),
        ("name: x\nname: y", "第 2 行，name：这个键重复，第 1 行已写过"),
        ("name:", "第 1 行，name：未填写；不改动此项的请删去这个键"),
        ("name: ''", "第 1 行，name：未填写"),
        ("name: [x]", "第 1 行，name：应为一个值，不是列表或映射"),
        ("name: null", "第 1 行，name：不能为 null；不改动此项的请删去这个键"),
        ("name: " + "长" * 11, "第 1 行，name：过长（多于 10 个字符）或含有无法识别的字符"),
        ('name: "a\\u202Eb"', "第 1 行，name：过长（多于 10 个字符）或含有无法识别的字符"),
        ("open: yes", "第 1 行，open：应为 true 或 false，不是“yes”"),
        ("day: 2026-9-1", "第 1 行，day：应为 2026-12-12 的形式，不是“2026-9-1”"),
        ("day: 2026-02-30", "第 1 行，day：应为 2026-12-12 的形式，不是“2026-02-30”"),
        ("day: 2062-02-03 " + "x" * 30, "第 1 行，day：应为 2026-12-12 的形式，不是“2062-02-03 xxxxxxxxx…”"),
        ("- x", "第 1 行：应为一组“键: 值”（冒号为半角，后面有空格），不是列表"),
        ("name：x", "第 1 行：应为一组“键: 值”（冒号为半角，后面有空格），不是一个值“name：x”"),
    ],
)
def test_each_fault_names_line_path_and_reason(tmp_path, content, fault):
    converters = {"name": line(10), "day": day, "open": flag}
    assert faults_of(content, tmp_path, lambda fields: fields.columns(converters)) == [fault]


@pytest.mark.parametrize(
    "text",
    ["2026-09-20", "2026-09-20T14:00:00", "2026-09-20 14:00:00+08:00", "0001-01-01 00:00:00", "2126-01-01 00:00:00",
     "2026-09-20 24:00:00", "２０２６-09-20 14:00:00"],
)  # fmt: skip
def test_h1_a_moment_has_one_form(text):
    with pytest.raises(ValueError, match="应为 2026-09-20 14:00:00 的形式"):
        moment(text)


def test_h1_a_moment_is_in_shanghai():
    assert moment("2026-09-20 14:00:00").isoformat() == "2026-09-20T14:00:00+08:00"
    assert moment("2026-09-20 14:00") == moment("2026-09-20 14:00:00")
    assert time_of_day("09:00").isoformat() == "09:00:00"

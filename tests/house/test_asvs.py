"""docs/security has every requirement of ASVS 5.0.0 of levels 1 and 2 once, and cites nothing that isn't there."""

import re
from collections import Counter

from baokao.config import place

SECURITY = place.BASE / "docs" / "security"
ROW = re.compile(r"^\| v5\.0\.0-(\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PATH = re.compile(r"`((?:baokao|bin|deploy|docs|requirements|tests)/[\w./-]+|pyproject\.toml)`")
VERDICTS = {"met", "in part", "not met", "none here"}


def standard() -> dict[str, str]:
    """Number and level of each requirement, as the standard has them."""
    lines = (place.BASE / "tests/house/asvs-5.0.0.txt").read_text().splitlines()
    return dict(line.split() for line in lines if not line.startswith("#"))


def rows() -> list[tuple[str, ...]]:
    """Number, level, verdict, where and what shows it, of every row of the tables."""
    return [row for page in sorted(SECURITY.glob("asvs-*.md")) for row in ROW.findall(page.read_text())]


def test_the_standard_has_70_requirements_of_level_1_and_183_of_level_2():
    assert Counter(standard().values()) == {"1": 70, "2": 183}


def test_every_requirement_stands_in_the_table_once_with_its_level():
    assert sorted((number, level) for number, level, *_ in rows()) == sorted(standard().items())


def test_every_verdict_is_one_of_four_and_says_where_or_why():
    for number, _, verdict, where, _ in rows():
        assert verdict in VERDICTS, number
        assert len(where) > 3, number


def test_every_page_cites_only_files_and_tests_that_are_there():
    missing = [
        f"{page.name}: {found}"
        for page in SECURITY.glob("*.md")
        for found in [*PATH.findall(page.read_text()), *(path for path, _ in TEST.findall(page.read_text()))]
        if not (place.BASE / found).exists()
    ]
    missing += [
        f"{page.name}: {path}::{name}"
        for page in SECURITY.glob("*.md")
        for path, name in TEST.findall(page.read_text())
        if f"def {name}(" not in (place.BASE / path).read_text()
    ]
    assert missing == []


def test_the_entrance_tells_the_tally():
    page = (SECURITY / "README.md").read_text()
    told = dict(re.findall(r"^\| (met|in part|not met|none here) \| (\d+) \|", page, re.M))
    assert {name: int(count) for name, count in told.items()} == Counter(verdict for _, _, verdict, *_ in rows())


def test_control_a_citation_of_nothing_is_seen():
    assert TEST.findall("`tests/house/test_nothing.py::test_x`") == [("tests/house/test_nothing.py", "test_x")]
    assert not (place.BASE / "tests/house/test_nothing.py").exists()

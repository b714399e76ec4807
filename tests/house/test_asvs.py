"""docs/security has every requirement of ASVS 5.0.0 of levels 1 and 2 once, and cites nothing that isn't there."""

import re
from collections import Counter

from baokao.config import place

SECURITY = place.BASE / "docs" / "security"
ROW = re.compile(r"^\| v5\.0\.0-(\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PATH = re.compile(r"`((?:baokao|bin|deploy|docs|requirements|tests)/[\w./-]+|pyproject\.toml)`")
VERDICTS = {"met", "in part", "not met", "none here"}
# What is met by there being no such thing, or is the operator's.
NOTHING_TO_CITE = {"1.2.9", "1.3.10", "1.4.1", "6.2.10", "6.4.2", "9.2.3", "12.1.2", "12.2.2"}


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


def cites_nothing(row: tuple[str, ...]) -> bool:
    """Whether a row calls something met, if only in part, and names neither a file nor a test."""
    _, _, verdict, where, shown = row
    return verdict in ("met", "in part") and not any(PATH.search(text) or TEST.search(text) for text in (where, shown))


def missing(page: str) -> list[str]:
    """The files and tests that a page cites and that aren't there."""
    tests = TEST.findall(page)
    files = {
        found for found in [*PATH.findall(page), *(path for path, _ in tests)] if not (place.BASE / found).exists()
    }
    return sorted(files) + [
        f"{path}::{name}"
        for path, name in tests
        if path not in files and not re.search(rf"^(async )?def {name}\(", (place.BASE / path).read_text(), re.M)
    ]


def test_what_is_met_cites_a_file_or_a_test():
    assert {row[0] for row in rows() if cites_nothing(row)} == NOTHING_TO_CITE


def test_every_page_cites_only_files_and_tests_that_are_there():
    assert {page.name: missing(page.read_text()) for page in SECURITY.glob("*.md") if missing(page.read_text())} == {}


def test_the_entrance_tells_the_tally():
    page = (SECURITY / "README.md").read_text()
    told = dict(re.findall(r"^\| (met|in part|not met|none here) \| (\d+) \|", page, re.M))
    assert {name: int(count) for name, count in told.items()} == Counter(verdict for _, _, verdict, *_ in rows())


def test_control_what_is_not_there_is_found():
    here = "`tests/house/test_asvs.py::test_control_what_is_not_there_is_found`, `docs/keys.md`"
    gone = "`tests/house/test_asvs.py::test_control_what`, `tests/house/test_gone.py::test_x`, `docs/gone.md`"
    assert missing(here) == []
    expected = ["docs/gone.md", "tests/house/test_gone.py", "tests/house/test_asvs.py::test_control_what"]
    assert missing(gone) == expected


def test_control_a_row_that_cites_nothing_is_found():
    assert cites_nothing(("1.2.4", "1", "met", "we are careful", "—"))
    assert not cites_nothing(("1.2.4", "1", "not met", "we aren't", "—"))

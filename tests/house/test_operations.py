"""The operators' documents and examples say what the program really reads."""

import re

from baokao.config import place

SETTING = re.compile(r"\bBAOKAO_[A-Z]+(?:_[A-Z]+)*\b")
# Between our own processes; nobody sets them.
INTERNAL = {"BAOKAO_PART_OF", "BAOKAO_TEST_BEGAN"}


def read_by_the_program() -> set[str]:
    files = [*(place.BASE / "baokao").rglob("*.py"), *(place.BASE / "bin").iterdir()]
    found: set[str] = set()
    for file in files:
        found |= set(SETTING.findall(file.read_text(encoding="utf-8")))
    return found - INTERNAL


def told_in(path: str) -> set[str]:
    return set(SETTING.findall((place.BASE / path).read_text(encoding="utf-8")))


def test_every_setting_stands_in_the_operations_table():
    assert read_by_the_program() - told_in("docs/operations.md") == set()


def test_no_document_or_example_names_a_setting_that_nothing_reads():
    examples = [str(path.relative_to(place.BASE)) for path in (place.BASE / "deploy").iterdir()]
    for path in ["docs/operations.md", "docs/testing.md", "docs/keys.md", *examples]:
        assert told_in(path) - read_by_the_program() == set(), path


def test_the_example_roles_have_the_settings_of_the_embedded_ones():
    from baokao.sandbox.database.roles import DISCREET, TIMEOUTS
    from baokao.sandbox.database.urls import USERS

    text = (place.BASE / "deploy/roles.sql").read_text(encoding="utf-8")
    written = {(user, name): value for user, name, value in re.findall(r"ALTER ROLE (\w+) SET (\w+) = '(\w+)'", text)}
    ours = {
        (USERS[role], name): value
        for role, timeouts in TIMEOUTS.items()
        for name, value in (timeouts | DISCREET).items()
        if value != "0"
    }
    assert written == ours


def test_no_lock_file_names_a_host():
    for file in (place.BASE / "requirements").iterdir():
        assert "://" not in file.read_text(encoding="utf-8"), file.name

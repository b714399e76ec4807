"""No statement claims more rows than it says (docs/locking.md, Claiming some of many)."""

import re
from pathlib import Path

import baokao

# A subquery of IN that is limited and locks: the planner may run it once for each row.
UNBOUNDED = re.compile(r"\bIN\s*\(\s*SELECT(?:(?!\"\"\").)*?LIMIT(?:(?!\"\"\").)*?SKIP LOCKED", re.S)
SOURCES = sorted(Path(baokao.__file__).parent.rglob("*.py"))


def test_claims_are_made_by_an_array():
    found = [str(path) for path in SOURCES if UNBOUNDED.search(path.read_text(encoding="utf-8"))]
    assert found == []
    assert sum("SKIP LOCKED" in path.read_text(encoding="utf-8") for path in SOURCES) > 5


def test_control_a_claim_by_in_is_found():
    assert UNBOUNDED.search(
        "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t ORDER BY b LIMIT 5 FOR UPDATE SKIP LOCKED)"
    )

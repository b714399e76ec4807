"""A browser test waits for what it expects. A click returns when the next page begins, so that an `assert` which looks
once sees half a page on a busy machine; Playwright's `expect` looks until it is there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
LOOKS_ONCE = re.compile(
    r"^ *assert .*(?:\.get_by_\w+\(.*|\.locator\(.*|\b(?:page|light|row|beside))"
    r"\.(?:is_\w+\(\)|count\(\)|input_value\(\)|inner_text\(\)|text_content\(\)|title\(\)\.|url\b(?!\())",
    re.MULTILINE,
)


def test_no_browser_test_looks_only_once():
    browsing = [path for path in TESTS.rglob("*.py") if "playwright" in (text := path.read_text()) or ".goto(" in text]
    assert len(browsing) > 10
    found = {
        str(path.relative_to(TESTS)): match.group().strip()
        for path in browsing
        for match in LOOKS_ONCE.finditer(path.read_text())
    }
    assert found == {}


def test_such_a_look_is_found():
    """The control."""
    for line in (
        'assert page.get_by_text("部分支付").first.is_visible()',
        'assert not page.get_by_role("checkbox").is_checked()',
        'assert page.locator("mark").count() >= 2',
        'assert "/healthz?" in page.url',
    ):
        assert LOOKS_ONCE.search(f"    {line}\n"), line
    assert not LOOKS_ONCE.search("    assert Photo.objects.count() == 1\n")

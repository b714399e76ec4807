"""Loaded by bin/prove: keeps in docs/proofs.md what was run, where, from which commit, and how long it took.

The whole takes hours, so a run may be of a part (`bin/prove tests/races`): its proofs take the place of their earlier
lines, and the others stay with the commit and the day of their own run.
"""

import os
import platform
import re
import subprocess
from pathlib import Path

import pytest

_FILE = Path(__file__).resolve().parents[1] / "docs" / "proofs.md"
_HEAD = """# Proofs

The full grids and statistics, which `make prove` runs and `make test` runs at a modest size. This page is written by that command; a line that a later run of a part did not touch tells of an earlier commit.

| proof | outcome | time | figures | commit | day | machine |
|---|---|---|---|---|---|---|
"""  # noqa: E501 (a paragraph of a page is one line)
_LINE = re.compile(r"\| (?P<name>\S.*?) \| .* \| [0-9a-f]{10} \| [0-9-]{10} \| .* \|")


class Report:
    """Collects a line a proof."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A proof that was carried out, or that could not begin or end."""
        if report.when == "call" or report.failed:
            name = report.nodeid.replace("|", "/")
            figures = "; ".join(str(value) for _, value in report.user_properties)
            self.lines[name] = f"{report.outcome} | {report.duration:.1f} s | {figures}"

    def pytest_sessionfinish(self) -> None:
        """Write the page."""
        if not self.lines:
            return
        where = f"{_commit()} | {_day()} | {os.cpu_count()} cores, {platform.machine()}"
        kept = _FILE.read_text(encoding="utf-8").splitlines() if _FILE.exists() else []
        rows = {found["name"]: line for line in kept if (found := _LINE.fullmatch(line))}
        rows |= {name: f"| {name} | {told} | {where} |" for name, told in self.lines.items()}
        _FILE.write_text(_HEAD + "\n".join(rows[name] for name in sorted(rows)) + "\n", encoding="utf-8")


def _commit() -> str:
    asked = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, cwd=_FILE.parent)
    return asked.stdout.strip()[:10]


def _day() -> str:
    from baokao.core import clock

    return f"{clock.local(clock.now()):%Y-%m-%d}"


def pytest_configure(config: pytest.Config) -> None:
    """Tell of this run."""
    config.pluginmanager.register(Report())

"""Loaded by bin/prove: writes docs/proofs.md with what was run, where, from which commit, and how long it took."""

import os
import platform
import subprocess
from pathlib import Path

import pytest

_FILE = Path(__file__).resolve().parents[1] / "docs" / "proofs.md"
_HEAD = """# Proofs

The full grids, which `make prove` runs and `make test` runs at a modest size. This page is written by that command.

"""


class Report:
    """Collects a line a proof."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            name = report.nodeid.partition("::")[2]
            figures = "; ".join(str(value) for _, value in report.user_properties)
            self.lines.append(f"| {name} | {report.outcome} | {report.duration:.1f} s | {figures} |")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self.lines or session.config.option.keyword:
            return
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, cwd=_FILE.parent
        ).stdout.strip()
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        from baokao.core import clock

        head = f"Commit {commit}, {clock.local(clock.now()):%Y-%m-%d}, {machine}.\n\n"
        head += "| proof | outcome | time | figures |\n|---|---|---|---|\n"
        _FILE.write_text(_HEAD + head + "\n".join(self.lines) + "\n", encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """A part of the proofs (-k) writes no page."""
    config.pluginmanager.register(Report())

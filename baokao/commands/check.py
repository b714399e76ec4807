"""`baokao check`: everything unsafe or missing, in plain sentences."""

import argparse

from baokao.core.checks import findings

HELP = "tell everything unsafe or missing; exits 1 when something is unsafe"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No choices: it tells everything."""


def run(arguments: argparse.Namespace) -> int:
    """Print the findings, what is unsafe first. 1 when something is unsafe, else 0."""
    found = findings()
    for finding in found:
        print(finding)
    unsafe = sum(finding.level == "unsafe" for finding in found)
    print(f"{unsafe} unsafe, {len(found) - unsafe} warnings" if found else "Nothing unsafe, nothing missing.")
    return 1 if unsafe else 0

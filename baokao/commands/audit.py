"""`baokao audit`: the invariants, and every seal of the audit log."""

import argparse

from baokao.core.invariants import runner

HELP = "run the invariants and verify the audit log's seals; exits 1 when any is violated"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--recent` for a quick look."""
    parser.add_argument("--recent", action="store_true", help="verify only the last ten minutes' seals")


def run(arguments: argparse.Namespace) -> int:
    """Print each violation with its row or range. 1 when there is any, else 0."""
    violations = runner.run(every_seal=not arguments.recent)
    for violation in violations:
        print(violation)
    asked = sorted({invariant.name for invariant in runner.invariants()}, key=lambda name: int(name[1:]))
    print(f"{len(violations)} violations of {', '.join(asked)}")
    return 1 if violations else 0
